import { getFormatter, getTranslations } from 'next-intl/server'
import { type AffiliationState, affiliationKinds, affiliationStates } from '@/lib/affiliations/affiliation'
import type { AffiliationFilters } from '@/lib/affiliations/schema'

type Props = { filters: AffiliationFilters; counts: Record<AffiliationState, number> }

/** A plain form that writes the filters into the address. */
export async function ItemFilters({ filters, counts }: Props) {
  const t = await getTranslations('staff.affiliations')
  const words = await getTranslations('affiliation')
  const format = await getFormatter()
  return (
    <form
      method="get"
      action="/staff/affiliations"
      className="no-print grid items-end gap-3 sm:grid-cols-[1fr_1fr_auto]"
    >
      <label className="space-y-1">
        <span className="note block">{t('state')}</span>
        <select name="state" defaultValue={filters.state ?? ''} className="select min-h-11 w-full">
          <option value="">{t('anyState')}</option>
          {affiliationStates.map((state) => (
            <option key={state} value={state}>
              {words(`states.${state}`)} ({format.number(counts[state])})
            </option>
          ))}
        </select>
      </label>
      <label className="space-y-1">
        <span className="note block">{t('kind')}</span>
        <select name="kind" defaultValue={filters.kind ?? ''} className="select min-h-11 w-full">
          <option value="">{t('anyKind')}</option>
          {affiliationKinds.map((kind) => (
            <option key={kind} value={kind}>
              {words(`kinds.${kind}`)}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" className="btn btn-quiet min-h-11">
        {t('apply')}
      </button>
    </form>
  )
}
