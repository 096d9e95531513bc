import { getTranslations } from 'next-intl/server'
import { SelectMenu } from '@/app/staff/_components/fields'
import { FilterFold } from '@/app/staff/_components/filter-fold'
import { FilterForm } from '@/app/staff/_components/filter-form'
import { SearchField } from '@/app/staff/_components/search-field'
import type { ConflictFilters } from '@/lib/people/conflict-schema'
import { conflictKinds, evidences } from '@/lib/people/person'

/** Everything that the list can be narrowed down by. */
export async function ConflictForm({ filters }: { filters: ConflictFilters }) {
  const t = await getTranslations('staff.conflicts')
  return (
    <FilterForm action="/staff/conflicts" className="space-y-3">
      <SearchField label={t('search')} q={filters.q ?? ''} />
      <FilterFold className="md:grid-cols-3">
        <SelectMenu
          name="kind"
          label={t('kind')}
          any={t('anyKind')}
          options={(['conflict', ...conflictKinds] as const).map((kind) => ({
            value: kind,
            words: t(`kinds.${kind}`),
          }))}
          value={filters.kind}
        />
        <SelectMenu
          name="evidence"
          label={t('evidenceLabel')}
          any={t('anyEvidence')}
          options={evidences.map((evidence) => ({ value: evidence, words: t(`evidence.${evidence}`) }))}
          value={filters.evidence}
        />
        <SelectMenu
          name="show"
          label={t('show')}
          any={t('open')}
          options={[{ value: 'decided', words: t('decided') }]}
          value={filters.show}
        />
      </FilterFold>
    </FilterForm>
  )
}
