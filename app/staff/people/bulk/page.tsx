import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { ConfirmProposals } from '@/app/staff/_components/confirm-proposals'
import { listBulkActions } from '@/app/staff/people/_components/bulk-actions'
import { BulkOptions } from '@/app/staff/people/_components/bulk-options'
import { countSelected } from '@/lib/affiliations/batch-queries'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { readOne, type SearchParams } from '@/lib/list/search'
import { batchPeopleMax } from '@/lib/people/batch'
import { countProposals } from '@/lib/people/proposals'
import { listIgnored, noPeopleFilters, peopleHref } from '@/lib/people/schema'
import { parseSelection, toSelectionParameters } from '@/lib/people/selection'
import { listDepartments } from '@/lib/researchers/departments'
import { listAskable } from '@/lib/texts/asked'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.people.bulk'))('title'), robots: { index: false } }
}

/** What an action would be for, how many they are, and what else it needs to know. */
export default availablePage(async function BulkPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const actor = await requireStaff('changeMany')
  const params = await searchParams
  const asked = readOne(params, 'do')
  const offered = listBulkActions(actor)
  const action = offered.find((one) => one === asked) ?? offered[0]
  const selection = parseSelection(params)
  if (!selection) redirect(`/staff/people?note=${listIgnored(params).length > 0 ? 'ignored' : 'nobody'}`)
  if (!action) redirect('/staff/people')
  const t = await getTranslations('staff.people.bulk')
  const count = await countSelected(actor, { selection, scopes: await listAskable() }, batchPeopleMax)
  const isTooMany = count > batchPeopleMax
  const filters = 'filters' in selection ? selection.filters : noPeopleFilters
  return (
    <div className="max-w-[44rem] space-y-6">
      <h1>{t(`actions.${action}`)}</h1>
      <p className="font-medium tabular-nums">
        {t(isTooMany ? 'countMany' : 'count', { count: Math.min(count, batchPeopleMax) })}
      </p>
      {isTooMany && action !== 'export' ? (
        <Notice tone="warn">{t('tooMany', { count: batchPeopleMax })}</Notice>
      ) : action === 'bind' ? (
        <ConfirmProposals
          count={await countProposals(actor, { selection, scopes: await listAskable() })}
          of={{ selection: toSelectionParameters(selection).toString() }}
        />
      ) : count > 0 ? (
        <BulkOptions
          action={action}
          selection={selection}
          fault={readOne(params, 'fault')}
          departments={action === 'add_items' ? await listDepartments(actor) : []}
        />
      ) : null}
      <p className="no-print">
        <a href={peopleHref(filters)}>{t('back')}</a>
      </p>
    </div>
  )
})
