import { getTranslations } from 'next-intl/server'
import { listHref } from '@/app/staff/_components/list-href'
import { ListMenu } from '@/app/staff/_components/list-menu'
import { isAvailable } from '@/app/staff/researchers/_components/researcher-table'
import type { StaffActor } from '@/lib/actor'
import { type ListColumn, type ListFilters, listColumns, toSearchParams } from '@/lib/researchers/schema'
import { may } from '@/lib/staff/abilities'

type Props = { filters: ListFilters; columns: readonly ListColumn[]; actor: StaffActor }

/** The columns of a file for those of the list. What the institution knows of people is always in the list. */
const fileColumns: Record<ListColumn, string[]> = {
  orcid: [],
  state: ['state', 'state_code'],
  permissions: ['scopes'],
  connected: ['first_connected_at'],
  confirmed: ['last_confirmed_at'],
  withdrew: ['withdrew_at'],
  expires: ['expires_at'],
  checked: ['last_checked_at'],
  department: [],
  'local-id': [],
}

/** Files of what the list shows, and its columns. */
export async function PeopleMenu({ filters, columns, actor }: Props) {
  const t = await getTranslations('staff.list')
  const asked = toSearchParams({ ...filters, cursor: null, columns: [] })
  const shown = ['name', 'department', 'local_id', ...columns.flatMap((column) => fileColumns[column])]
  const file = (format: string, names: readonly string[]) =>
    `/staff/researchers/export?${new URLSearchParams([...asked, ['format', format], ...names.map((name) => ['column', name])])}`
  const files = [
    { href: file('csv', shown), words: t('menu.shown', { format: 'CSV' }) },
    { href: file('xlsx', shown), words: t('menu.shown', { format: 'Excel' }) },
    { href: file('json', []), words: t('menu.all', { format: 'JSON' }) },
  ]
  const mayExport = may(actor, 'exportPeople')
  return (
    <ListMenu
      label={t(mayExport ? 'menu.label' : 'menu.columns')}
      files={mayExport ? files : []}
      more={may(actor, 'chooseExports') ? { href: `/staff/exports?${asked}`, words: t('menu.more') } : undefined}
    >
      <form method="get" action="/staff/researchers" className="space-y-2">
        {[...asked].map(([name, value]) => (
          <input key={`${name} ${value}`} type="hidden" name={name} value={value} />
        ))}
        <fieldset className="grid grid-cols-2">
          <legend className="note">{t('menu.columns')}</legend>
          {listColumns.filter(isAvailable).map((column) => (
            <label
              key={column}
              className="flex min-h-9 items-center gap-2 rounded-md px-1 text-sm leading-tight hover:bg-sunken"
            >
              <input
                type="checkbox"
                name="show"
                value={column}
                defaultChecked={columns.includes(column)}
                className="size-4 shrink-0"
              />
              {t(`columns.${column}`)}
            </label>
          ))}
        </fieldset>
        <div className="flex flex-wrap items-center gap-3">
          <button type="submit" className="btn btn-quiet text-sm">
            {t('menu.apply')}
          </button>
          <a href={listHref({ ...filters, columns: [] })} className="inline-flex min-h-8 items-center text-sm">
            {t('menu.usual')}
          </a>
        </div>
      </form>
    </ListMenu>
  )
}
