import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { canRemove, isRemovable, MyItem, needsToken } from '@/app/me/_components/my-item'
import type { ShownAffiliation } from '@/lib/affiliations/queries'
import { env } from '@/lib/config/env'
import type { MySystem } from '@/lib/systems/mine'
import { describeScopes, getOffice } from '@/lib/texts/asked'

type Props = {
  items: ShownAffiliation[]
  systems: readonly MySystem[]
  /** A permission with which entries can be removed from the record. */
  mayDelete: boolean
}

/** What was written to the person's record, when, why and by which office, each with a way to have it removed. */
export async function MyItems({ items, systems, mayDelete }: Props) {
  const t = await getTranslations('me.items')
  if (items.length === 0) return env().orcid.api === 'member' ? <p className="text-ink-soft">{t('none')}</p> : null
  const [permission] = await describeScopes(['/activities/update'])
  const reason = permission?.reason ?? ''
  const removable = items.filter(isRemovable)
  const mayRemove = (item: ShownAffiliation) => mayDelete || !needsToken(item)
  const misplaced = removable.filter((item) => item.misplaced).length
  return (
    <section id="items" aria-labelledby="items-title" className="space-y-3">
      <h2 id="items-title">{t('title')}</h2>
      {misplaced > 0 ? (
        <Notice tone="warn">
          {t.rich('misplacedCount', {
            count: misplaced,
            link: (words) => (
              <a key="link" href="/me/person/refused">
                {words}
              </a>
            ),
          })}
        </Notice>
      ) : null}
      <p className="text-ink-soft">
        {t('lead', { office: await getOffice(), reason, hasReason: reason ? 'yes' : 'no' })}
      </p>
      {!canRemove() && removable.length > 0 ? <p>{t('cannotRemove')}</p> : null}
      {canRemove() && removable.some(mayRemove) ? <p id="removal-means">{t('removeMeans')}</p> : null}
      {canRemove() && !removable.every(mayRemove) ? <p>{t('toRemove')}</p> : null}
      <ul className="card card-list">
        {items.map((item) => (
          <MyItem
            key={item.id}
            item={item}
            stop={systems.find(({ systemId }) => systemId === item.system?.id)?.stop?.kind ?? null}
            mayRemove={mayRemove(item)}
          />
        ))}
      </ul>
    </section>
  )
}
