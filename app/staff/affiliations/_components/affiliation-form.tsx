import { getFormatter, getTranslations } from 'next-intl/server'
import { SelectMenu } from '@/app/staff/_components/fields'
import { FilterFold } from '@/app/staff/_components/filter-fold'
import { FilterForm } from '@/app/staff/_components/filter-form'
import { SearchField } from '@/app/staff/_components/search-field'
import { type AffiliationState, affiliationStates, itemKinds } from '@/lib/affiliations/affiliation'
import type { AffiliationFilters } from '@/lib/affiliations/schema'

type Props = { filters: AffiliationFilters; counts: Record<AffiliationState, number> }

/** Everything that the list can be narrowed down by. */
export async function AffiliationForm({ filters, counts }: Props) {
  const t = await getTranslations('staff.affiliations')
  const words = await getTranslations('affiliation')
  const format = await getFormatter()
  return (
    <FilterForm action="/staff/affiliations" className="space-y-3">
      <SearchField label={t('search')} q={filters.q ?? ''} />
      <FilterFold>
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
          options={itemKinds.map((kind) => ({ value: kind, words: words(`kinds.${kind}`) }))}
          value={filters.kind}
        />
      </FilterFold>
    </FilterForm>
  )
}
