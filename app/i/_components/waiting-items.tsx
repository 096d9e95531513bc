import { getTranslations } from 'next-intl/server'
import { Period } from '@/app/_components/affiliation'
import { itemKinds } from '@/lib/affiliations/affiliation'
import type { WaitingItem } from '@/lib/campaigns/links'

/** What will be written to the record once the person allows it. */
export async function WaitingItems({ items }: { items: readonly WaitingItem[] }) {
  const t = await getTranslations('invitation')
  const words = await getTranslations('affiliation')
  if (items.length === 0) return null
  return (
    <section aria-labelledby="items" className="space-y-3">
      <h2 id="items">{t(items.every(({ kind }) => kind === 'work') ? 'works' : 'items')}</h2>
      <ul className="card card-list">
        {items.map((item) => {
          const kind = itemKinds.find((one) => one === item.kind)
          return (
            <li key={`${item.kind} ${item.title} ${item.startOn}`} className="py-3 [overflow-wrap:anywhere]">
              <span className="font-semibold" translate="no">
                {item.title}
              </span>
              <span className="note block">
                {[kind && words(`kinds.${kind}`), item.department].filter(Boolean).join(' · ')}
              </span>
              <span className="note block">
                <Period kind={item.kind} startOn={item.startOn} endOn={item.endOn} />
              </span>
            </li>
          )
        })}
      </ul>
      {items.some(({ kind }) => kind !== 'work') ? <p className="note">{t('itemsMean')}</p> : null}
      {items.some(({ kind }) => kind === 'work') ? <p className="note">{t('worksMean')}</p> : null}
    </section>
  )
}
