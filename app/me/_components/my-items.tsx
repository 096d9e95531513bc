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
  const misplaced = items.filter((item) => item.misplaced && isRemovable(item)).length
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
      {items.some(isRemovable) ? <p id="removal-means">{t(canRemove() ? 'removeMeans' : 'cannotRemove')}</p> : null}
      {canRemove() && items.some((item) => isRemovable(item) && needsToken(item) && !mayDelete) ? (
        <p>{t('toRemove')}</p>
      ) : null}
      <ul className="card card-list">
        {items.map((item) => (
          <MyItem
            key={item.id}
            item={item}
            stop={systems.find(({ systemId }) => systemId === item.system?.id)?.stop?.kind ?? null}
            mayRemove={mayDelete || !needsToken(item)}
          />
        ))}
      </ul>
    </section>
  )
}
