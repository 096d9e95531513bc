import { getTranslations } from 'next-intl/server'
import { DepartmentFilter } from '@/app/staff/_components/department-filter'
import { SelectMenu } from '@/app/staff/_components/fields'
import { FilterFold } from '@/app/staff/_components/filter-fold'
import { FilterForm } from '@/app/staff/_components/filter-form'
import { SearchField } from '@/app/staff/_components/search-field'
import type { StaffActor } from '@/lib/actor'
import { env } from '@/lib/config/env'
import { personKinds, personStates } from '@/lib/people/person'
import { connectionFilters, type PeopleFilters, peopleSorts, rosterFilters } from '@/lib/people/schema'
import { may } from '@/lib/staff/abilities'

type Props = { actor: StaffActor; filters: PeopleFilters; departments: readonly string[] }

/** Everything that the list can be narrowed down and sorted by. */
export async function PeopleForm({ actor, filters, departments }: Props) {
  const t = await getTranslations('staff.people')
  const { q, connection, kind, department, state, conflict, roster, lacks, sort } = filters
  return (
    <FilterForm action="/staff/people" className="space-y-3">
      {lacks ? <input type="hidden" name="lacks" value={lacks} /> : null}
      <SearchField label={t('search')} q={q ?? ''} />
      <FilterFold
        label={t('filters')}
        className="md:grid-cols-[repeat(3,minmax(0,1fr))_auto]"
        more={<MoreFilters actor={actor} filters={filters} />}
        isMoreOpen={Boolean(state || roster || conflict) || (sort ?? 'name') !== 'name'}
      >
        <SelectMenu
          name="connection"
          label={t('connection')}
          any={t('anyConnection')}
          options={connectionFilters.map((value) => ({
            value,
            words: t(`connections.${value}`, { api: env().orcid.api }),
          }))}
          value={connection}
        />
        <SelectMenu
          name="kind"
          label={t('kind')}
          any={t('anyKind')}
          options={personKinds.map((value) => ({ value, words: t(`kinds.${value}`) }))}
          value={kind}
        />
        <DepartmentFilter
          label={t('department')}
          department={department}
          departments={departments}
          className="max-md:col-span-full"
        />
      </FilterFold>
    </FilterForm>
  )
}

async function MoreFilters({ actor, filters: { state, roster, conflict, sort } }: Omit<Props, 'departments'>) {
  const t = await getTranslations('staff.people')
  return (
    <>
      <SelectMenu
        name="state"
        label={t('state')}
        any={t('anyState')}
        options={[...personStates, 'missing' as const].map((value) => ({ value, words: t(`states.${value}`) }))}
        value={state}
      />
      <SelectMenu
        name="roster"
        label={t('roster')}
        any={t('anyRoster')}
        options={rosterFilters.map((value) => ({ value, words: t(`rosters.${value}`) }))}
        value={roster}
      />
      {may(actor, 'seeConflicts') ? (
        <SelectMenu
          name="conflict"
          label={t('conflict')}
          any={t('anyConflict')}
          options={[{ value: 'yes', words: t('inConflict') }]}
          value={conflict}
        />
      ) : null}
      <SelectMenu
        name="sort"
        label={t('sort')}
        options={peopleSorts.map((value) => ({ value: value === 'name' ? '' : value, words: t(`sorts.${value}`) }))}
        value={sort === 'name' ? '' : sort}
      />
    </>
  )
}
