import { getTranslations } from 'next-intl/server'
import { AffiliationState, Period } from '@/app/_components/affiliation'
import { When } from '@/app/_components/when'
import { heldStates } from '@/lib/affiliations/affiliation'
import type { ShownAffiliation } from '@/lib/affiliations/queries'
import { env } from '@/lib/config/env'
import { describeScopes, getOffice } from '@/lib/texts/asked'

/** What was written to the person's record, when, why and by which office, each with a way to have it removed. */
export async function MyItems({ items }: { items: ShownAffiliation[] }) {
  const t = await getTranslations('me.items')
  if (items.length === 0) return null
  const [permission] = await describeScopes(['/activities/update'])
  const reason = permission?.reason ?? ''
  return (
    <section id="items" aria-labelledby="items-title" className="space-y-3">
      <h2 id="items-title">{t('title')}</h2>
      <p className="text-ink-soft">
        {t('lead', { office: await getOffice(), reason, hasReason: reason ? 'yes' : 'no' })}
      </p>
      {items.some(isRemovable) ? <p id="removal-means">{t(canRemove() ? 'removeMeans' : 'cannotRemove')}</p> : null}
      <ul className="card card-list">
        {items.map((item) => (
          <Item key={item.id} item={item} />
        ))}
      </ul>
    </section>
  )
}

const gone: readonly string[] = ['deleted', 'deleted_by_person']
const held: readonly string[] = heldStates
/** Who wrote with Member credentials and has only public ones now can take nothing away. */
const canRemove = () => env().orcid.api === 'member'
const isRemovable = ({ state, removal }: ShownAffiliation) => removal !== 'person' && !gone.includes(state)

async function Item({ item }: { item: ShownAffiliation }) {
  const t = await getTranslations('me.items')
  const words = await getTranslations('affiliation')
  const { id, kind, title, department, startOn, endOn, state, removal, addedAt, writtenAt } = item
  const office = await getOffice()
  return (
    <li className="space-y-1 py-3">
      <span className="flex flex-wrap items-start justify-between gap-x-6 gap-y-1">
        <span className="min-w-0 font-medium [overflow-wrap:anywhere]">{title}</span>
        <AffiliationState state={state} />
      </span>
      <span className="note block">
        {words(`kinds.${kind}`)}
        {department ? ` · ${department}` : ''}
        {startOn ? ' · ' : ''}
        <Period startOn={startOn} endOn={endOn} />
      </span>
      <span className="note block">
        {t.rich(writtenAt ? 'written' : 'added', {
          office,
          when: () => <When key="when" at={writtenAt ?? addedAt} show="time" />,
        })}
      </span>
      {removal === 'person' ? (
        <span className="note block">{t(held.includes(state) ? 'askedInVain' : 'asked')}</span>
      ) : null}
      {canRemove() && isRemovable(item) ? (
        <form method="post" action="/me/affiliations/removal" className="no-print">
          <input type="hidden" name="affiliation" value={id} />
          <button type="submit" className="link-button min-h-8 text-sm" aria-describedby="removal-means">
            {t('remove')}
            <span className="sr-only"> {title}</span>
          </button>
        </form>
      ) : null}
    </li>
  )
}
