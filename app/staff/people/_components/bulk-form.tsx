import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { SelectMenu } from '@/app/staff/_components/fields'
import { listBulkActions } from '@/app/staff/people/_components/bulk-actions'
import type { StaffActor } from '@/lib/actor'
import { toParameters } from '@/lib/list/search'
import type { PeopleFilters } from '@/lib/people/schema'

type Props = { actor: StaffActor; filters: PeopleFilters; children: ReactNode }

/** The form around the list with which managers choose an action for those ticked, or for all that match. */
export async function BulkForm({ actor, filters, children }: Props) {
  const t = await getTranslations('staff.people.bulk')
  const offered = listBulkActions(actor)
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
          value={offered[0] ?? null}
        />
        <button type="submit" className="btn btn-quiet">
          {t('ticked')}
        </button>
        <button type="submit" name="all" value="yes" className="btn btn-quiet">
          {t('all')}
        </button>
        <a href="/staff/people/batches" className="inline-flex min-h-11 items-center">
          {t('earlier')}
        </a>
      </fieldset>
    </form>
  )
}
