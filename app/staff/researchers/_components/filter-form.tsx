import { Search } from 'lucide-react'
import { getTranslations } from 'next-intl/server'
import { DateMenu } from '@/app/staff/researchers/_components/date-menu'
import { field, type MenuOption, PlaceMenu, SelectMenu } from '@/app/staff/researchers/_components/filter-menus'
import { describeFilters } from '@/app/staff/researchers/_components/filter-words'
import { PermissionMenu } from '@/app/staff/researchers/_components/permission-menu'
import { type ListFilters, listFindings, listSorts, listStates } from '@/lib/researchers/schema'

type Props = { filters: ListFilters; scopes: readonly string[] }

/** A plain form that writes the filters into the address. The place in the list is left out: it begins anew. */
export async function FilterForm({ filters, scopes }: Props) {
  const t = await getTranslations('staff')
  const chosen = await describeFilters(filters)
  const states: MenuOption[] = listStates.map((value) => ({ value, words: t(`states.${value}`) }))
  const findings: MenuOption[] = listFindings.map((value) => ({ value, words: t(`findings.${value}`) }))
  const sorts: MenuOption[] = listSorts.map((value) => ({ value, words: t(`list.sorts.${value}`) }))
  return (
    <form method="get" action="/staff/researchers" className="no-print relative space-y-3">
      <label className="relative block">
        <span className="sr-only">{t('list.search')}</span>
        <Search size={20} className="-translate-y-1/2 absolute start-3 top-1/2 text-ink-soft" />
        <input
          type="search"
          name="q"
          defaultValue={filters.q}
          maxLength={200}
          placeholder={t('list.search')}
          aria-keyshortcuts="/"
          className={`${field} ps-10`}
        />
      </label>
      <div className="grid grid-cols-2 items-end gap-3 md:grid-cols-4 xl:grid-cols-[repeat(6,minmax(0,1fr))_auto]">
        <SelectMenu
          name="state"
          label={t('list.state')}
          any={t('list.anyState')}
          options={states}
          value={filters.state}
        />
        <PermissionMenu filters={filters} scopes={scopes} chosen={chosen} />
        <DateMenu filters={filters} chosen={chosen} />
        <SelectMenu
          name="finding"
          label={t('list.finding')}
          any={t('list.anyFinding')}
          options={findings}
          value={filters.finding}
        />
        <PlaceMenu filters={filters} chosen={chosen} />
        <SelectMenu name="sort" label={t('list.sort')} options={sorts} value={filters.sort} />
        <button type="submit" className="btn btn-primary col-span-2 min-h-11 px-6 md:col-span-1">
          {t('list.apply')}
        </button>
      </div>
    </form>
  )
}
