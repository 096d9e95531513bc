import { getTranslations } from 'next-intl/server'
import { getOutcomeWords } from '@/app/staff/attempts/_components/outcome-words'
import {
  type AttemptFilters,
  attemptPurposes,
  type OutcomeName,
  outcomeGroups,
  outcomeNames,
} from '@/lib/attempts/schema'

const field = 'min-h-11 w-full min-w-0 rounded-lg border border-line-strong bg-surface px-3'

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
      <label className="col-span-2 space-y-1 sm:col-span-1">
        <span className="note block">{t('attempts.outcome')}</span>
        <select name="outcome" defaultValue={filters.outcome ?? ''} className={field}>
          <option value="">{t('attempts.anyOutcome')}</option>
          <optgroup label={t('attempts.groupsLabel')}>{outcomeGroups.map(option)}</optgroup>
          <optgroup label={t('attempts.singleLabel')}>{outcomeNames.slice(outcomeGroups.length).map(option)}</optgroup>
        </select>
      </label>
      <label className="col-span-2 space-y-1 sm:col-span-1">
        <span className="note block">{t('attempts.purpose')}</span>
        <select name="purpose" defaultValue={filters.purpose ?? ''} className={field}>
          <option value="">{t('attempts.anyPurpose')}</option>
          {attemptPurposes.map((purpose) => (
            <option key={purpose} value={purpose}>
              {t(`person.purposes.${purpose}`)}
            </option>
          ))}
        </select>
      </label>
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
