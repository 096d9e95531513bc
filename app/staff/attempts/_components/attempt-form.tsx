import { getTranslations } from 'next-intl/server'
import { getOutcomeWords } from '@/app/staff/attempts/_components/outcome-words'
import { field, SelectMenu } from '@/app/staff/researchers/_components/filter-menus'
import {
  type AttemptFilters,
  attemptPurposes,
  type OutcomeName,
  outcomeGroups,
  outcomeNames,
} from '@/lib/attempts/schema'

/** A plain form that writes the filters into the address. The place in the list is left out: it begins anew. */
export async function AttemptForm({ filters }: { filters: AttemptFilters }) {
  const t = await getTranslations('staff')
  const toWords = await getOutcomeWords()
  const option = (name: OutcomeName) => (
    <option key={name} value={name}>
      {toWords(name)}
    </option>
  )
  return (
    <form
      method="get"
      action="/staff/attempts"
      className="no-print grid grid-cols-2 items-end gap-3 md:grid-cols-[minmax(0,2fr)_minmax(0,2fr)_minmax(0,1fr)_minmax(0,1fr)_auto]"
    >
      <div className="col-span-2 sm:col-span-1">
        <SelectMenu name="outcome" label={t('attempts.outcome')} any={t('attempts.anyOutcome')} value={filters.outcome}>
          <optgroup label={t('attempts.groupsLabel')}>{outcomeGroups.map(option)}</optgroup>
          <optgroup label={t('attempts.singleLabel')}>{outcomeNames.slice(outcomeGroups.length).map(option)}</optgroup>
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
        <label key={name} className="space-y-1">
          <span className="note block">{t(`attempts.${name}`)}</span>
          <input type="date" name={name} defaultValue={filters[name] ?? ''} className={field} />
        </label>
      ))}
      <button type="submit" className="btn btn-primary col-span-2 min-h-11 px-6 md:col-span-1">
        {t('attempts.apply')}
      </button>
    </form>
  )
}
