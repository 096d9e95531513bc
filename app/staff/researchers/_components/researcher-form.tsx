import { getTranslations } from 'next-intl/server'
import { type MenuOption, SelectMenu } from '@/app/staff/_components/fields'
import { FilterFold } from '@/app/staff/_components/filter-fold'
import { FilterForm } from '@/app/staff/_components/filter-form'
import { describeFilters } from '@/app/staff/_components/filter-words'
import { SearchField } from '@/app/staff/_components/search-field'
import { DateMenu } from '@/app/staff/researchers/_components/date-menu'
import { InstitutionMenu } from '@/app/staff/researchers/_components/institution-menu'
import { PermissionMenu } from '@/app/staff/researchers/_components/permission-menu'
import type { StaffActor } from '@/lib/actor'
import { env } from '@/lib/config/env'
import {
  columnOf,
  type ListFilters,
  listFindings,
  listSorts,
  listStates,
  sortColumnsOf,
  sortOf,
} from '@/lib/researchers/schema'
import { may } from '@/lib/staff/abilities'

type Props = { actor: StaffActor; filters: ListFilters; scopes: readonly string[]; departments: readonly string[] }

/** What only people match who permit more than their iD: with Public API credentials nobody does. */
const ofConnected = {
  states: ['connected', 'expiring'],
  sorts: ['-connected', 'connected', '-confirmed', 'confirmed', 'expires', '-expires'],
}
const isOffered = (value: string, those: readonly string[]) => env().orcid.api === 'member' || !those.includes(value)

/** Everything that the list can be narrowed down and sorted by. */
export async function ResearcherForm({ actor, filters, scopes, departments }: Props) {
  const t = await getTranslations('staff')
  const chosen = await describeFilters(filters)
  const { state, finding, scopes: permitted, lacks } = filters
  const usual = sortOf({ ...filters, sort: null })
  const states: MenuOption[] = listStates
    .filter((value) => isOffered(value, ofConnected.states) || value === state)
    .filter((value) => value !== 'conflict' || may(actor, 'seeConflicts'))
    .map((value) => ({ value, words: t(`states.${value}`) }))
  const findings: MenuOption[] = listFindings.map((value) => ({ value, words: t(`findings.${value}`) }))
  const sorts: MenuOption[] = listSorts
    .filter((value) => isOffered(value, ofConnected.sorts) && sortColumnsOf(filters).includes(columnOf(value)))
    // Whoever has chosen none gets the usual one, whatever the filters will be.
    .map((value) => ({ value: value === usual ? '' : value, words: t(`list.sorts.${value}`) }))
  return (
    <FilterForm action="/staff/researchers" className="relative space-y-3">
      {filters.columns.map((column) => (
        <input key={column} type="hidden" name="show" value={column} />
      ))}
      <SearchField label={t('list.search')} q={filters.q} />
      <FilterFold label={t('list.filters')} className="md:grid-cols-3 xl:grid-cols-5">
        <SelectMenu name="state" label={t('list.state')} any={t('list.anyState')} options={states} value={state} />
        {scopes.length > 1 || permitted.length > 0 || lacks.length > 0 ? (
          <PermissionMenu filters={filters} scopes={scopes} chosen={chosen} />
        ) : null}
        <DateMenu filters={filters} chosen={chosen} />
        <SelectMenu
          name="finding"
          label={t('list.finding')}
          any={t('list.anyFinding')}
          options={findings}
          value={finding}
        />
        <InstitutionMenu filters={filters} departments={departments} chosen={chosen} />
        {/* Where there is room for a table, its heads sort. */}
        <div className="xl:hidden">
          <SelectMenu
            name="sort"
            label={t('list.sort')}
            options={sorts}
            value={sortOf(filters) === usual ? '' : filters.sort}
          />
        </div>
      </FilterFold>
    </FilterForm>
  )
}
