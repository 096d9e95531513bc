import { getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { ItemList } from '@/app/staff/_components/item-list'
import type { ShownAffiliation } from '@/lib/affiliations/queries'

type Props = { orcid: string; items: ShownAffiliation[]; mayAdd: boolean }

/** What the institution vouches for on this person's record, and the way to add to it. */
export async function ItemSection({ orcid, items, mayAdd }: Props) {
  const t = await getTranslations('staff.person')
  return (
    <section id="items" aria-labelledby="items-title" className="space-y-3">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <h2 id="items-title">{t('items')}</h2>
        {mayAdd ? (
          <a href={`/staff/researchers/${orcid}/affiliation`} className="btn btn-quiet no-print">
            {t('addItem')}
          </a>
        ) : null}
      </div>
      {items.length === 0 ? <EmptyState>{t('noItems')}</EmptyState> : <ItemList label={t('items')} items={items} />}
    </section>
  )
}
