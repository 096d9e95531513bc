import { getFormatter, getTranslations } from 'next-intl/server'
import { SelectMenu } from '@/app/staff/_components/fields'
import { FilterForm } from '@/app/staff/_components/filter-form'
import { type AffiliationState, affiliationKinds, affiliationStates } from '@/lib/affiliations/affiliation'
import type { AffiliationFilters } from '@/lib/affiliations/schema'

type Props = { filters: AffiliationFilters; counts: Record<AffiliationState, number> }

/** Everything that the list can be narrowed down by. */
export async function AffiliationForm({ filters, counts }: Props) {
  const t = await getTranslations('staff.affiliations')
  const words = await getTranslations('affiliation')
  const format = await getFormatter()
  return (
    <FilterForm action="/staff/affiliations" className="grid items-end gap-3 sm:grid-cols-[1fr_1fr_auto]">
      <SelectMenu
        name="state"
        label={t('state')}
        any={t('anyState')}
        options={affiliationStates.map((state) => ({
          value: state,
          words: `${words(`states.${state}`)} (${format.number(counts[state])})`,
        }))}
        value={filters.state}
      />
      <SelectMenu
        name="kind"
        label={t('kind')}
        any={t('anyKind')}
        options={affiliationKinds.map((kind) => ({ value: kind, words: words(`kinds.${kind}`) }))}
        value={filters.kind}
      />
      <button type="submit" className="btn btn-quiet min-h-11">
        {t('apply')}
      </button>
    </FilterForm>
  )
}
