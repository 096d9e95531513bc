import { getTranslations } from 'next-intl/server'
import { DateField, SelectMenu } from '@/app/staff/_components/fields'
import { FilterFold } from '@/app/staff/_components/filter-fold'
import { FilterForm } from '@/app/staff/_components/filter-form'
import { SearchField } from '@/app/staff/_components/search-field'
import { getOutcomeWords } from '@/app/staff/attempts/_components/outcome-words'
import {
  type AttemptFilters,
  attemptPurposes,
  type OutcomeName,
  outcomeGroups,
  outcomeNames,
} from '@/lib/attempts/schema'

/** Everything that the list can be narrowed down by. */
export async function AttemptForm({ filters }: { filters: AttemptFilters }) {
  const t = await getTranslations('staff')
  const toWords = await getOutcomeWords()
  const option = (name: OutcomeName) => (
    <option key={name} value={name}>
      {toWords(name)}
    </option>
  )
  return (
    <FilterForm action="/staff/attempts" className="space-y-3">
      <SearchField label={t('attempts.search')} q={filters.q ?? ''} />
      <FilterFold className="md:grid-cols-[minmax(0,2fr)_minmax(0,2fr)_minmax(0,1fr)_minmax(0,1fr)]">
        <div className="col-span-2 sm:col-span-1">
          <SelectMenu
            name="outcome"
            label={t('attempts.outcome')}
            any={t('attempts.anyOutcome')}
            value={filters.outcome}
          >
            <optgroup label={t('attempts.groupsLabel')}>{outcomeGroups.map(option)}</optgroup>
            <optgroup label={t('attempts.singleLabel')}>
              {outcomeNames.slice(outcomeGroups.length).map(option)}
            </optgroup>
          </SelectMenu>
        </div>
        <div className="col-span-2 sm:col-span-1">
          <SelectMenu
            name="purpose"
            label={t('attempts.purpose')}
            any={t('attempts.anyPurpose')}
            options={attemptPurposes.map((purpose) => ({ value: purpose, words: t(`person.purposes.${purpose}`) }))}
            value={filters.purpose}
          />
        </div>
        {(['from', 'to'] as const).map((name) => (
          <DateField key={name} name={name} label={t(`attempts.${name}`)} value={filters[name]} />
        ))}
      </FilterFold>
    </FilterForm>
  )
}
