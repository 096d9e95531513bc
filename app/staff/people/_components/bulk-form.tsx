import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { SelectMenu } from '@/app/staff/_components/fields'
import { env } from '@/lib/config/env'
import { toParameters } from '@/lib/list/search'
import { bulkActions } from '@/lib/people/batch'
import type { PeopleFilters } from '@/lib/people/schema'

/** The form around the list with which managers choose an action for those ticked, or for all that match. */
export async function BulkForm({ filters, children }: { filters: PeopleFilters; children: ReactNode }) {
  const t = await getTranslations('staff.people.bulk')
  const offered = bulkActions.filter((action) => action !== 'add_items' || env().orcid.api === 'member')
  return (
    <form method="get" action="/staff/people/bulk" className="space-y-4">
      {[...toParameters({ ...filters, cursor: null })].map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {children}
      <fieldset className="no-print flex flex-wrap items-end gap-3">
        <legend className="sr-only">{t('label')}</legend>
        <SelectMenu
          name="do"
          label={t('what')}
          options={offered.map((value) => ({ value, words: t(`actions.${value}`) }))}
          value="export"
        />
        <button type="submit" className="btn btn-quiet min-h-11">
          {t('ticked')}
        </button>
        <button type="submit" name="all" value="yes" className="btn btn-quiet min-h-11">
          {t('all')}
        </button>
        <a href="/staff/people/batches" className="inline-flex min-h-11 items-center">
          {t('earlier')}
        </a>
      </fieldset>
    </form>
  )
}
