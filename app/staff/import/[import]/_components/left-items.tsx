import { getTranslations } from 'next-intl/server'
import { AffiliationState } from '@/app/_components/affiliation'
import { ConfirmCheckbox } from '@/app/_components/confirm-checkbox'
import type { StaffActor } from '@/lib/actor'
import { type LeftItem, leftMax, listLeftItems } from '@/lib/imports/item-queries'

/** What was written to ORCID before an import was undone: each entry has an undo of its own, and all have one. */
export async function LeftItems({ actor, id }: { actor: StaffActor; id: string }) {
  const items = await listLeftItems(actor, id)
  if (items.length === 0) return null
  const t = await getTranslations('staff.imports.items')
  const open = items.filter(isOpen)
  return (
    <section aria-labelledby="left" className="space-y-3">
      <h2 id="left">{t('left', { count: items.length })}</h2>
      <p className="max-w-[65ch] text-ink-soft">{t('leftMeans')}</p>
      {open.length > 1 ? (
        <form method="post" action="/staff/import/written" className="no-print card space-y-4">
          <input type="hidden" name="import" value={id} />
          <ConfirmCheckbox>{t('sure')}</ConfirmCheckbox>
          <button type="submit" className="btn btn-danger">
            {t('undoAll')}
          </button>
        </form>
      ) : null}
      <ol className="card card-list">
        {items.map((item) => (
          <li key={item.line} className="grid gap-x-6 gap-y-1 py-3 sm:grid-cols-[minmax(0,1fr)_12rem_14rem]">
            <span className="min-w-0 [overflow-wrap:anywhere]">
              <a href={`/staff/affiliations/${item.itemId}`} className="inline-flex min-h-6 items-center">
                {item.title}
              </a>
              {item.name ? (
                <bdi translate="no" className="note block">
                  {item.name}
                </bdi>
              ) : null}
            </span>
            <AffiliationState state={item.state} />
            {isOpen(item) ? (
              <form method="post" action="/staff/import/written" className="no-print">
                <input type="hidden" name="import" value={id} />
                <input type="hidden" name="line" value={item.line} />
                <input type="hidden" name="sure" value="yes" />
                <button type="submit" className="btn btn-quiet text-sm">
                  {t(`undoOne.${item.verdict}`)}
                </button>
              </form>
            ) : null}
          </li>
        ))}
      </ol>
      {items.length === leftMax ? <p className="note">{t('leftMore')}</p> : null}
    </section>
  )
}

/** Whether the undo of one entry still does something. */
function isOpen({ verdict, state, removal }: LeftItem): boolean {
  if (state === 'deleted_by_person' || removal === 'person') return false
  return (removal === 'staff') === (verdict === 'removed')
}
