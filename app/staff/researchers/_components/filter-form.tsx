import { ChevronDown, Search } from 'lucide-react'
import { getTranslations } from 'next-intl/server'
import { describeScopes } from '@/lib/http/asking'
import { type ListFilters, listFindings, listSorts, listStates } from '@/lib/researchers/schema'

type Props = { filters: ListFilters; scopes: readonly string[] }

const field = 'min-h-11 w-full rounded-lg border border-line-strong bg-surface px-3'

/** A plain form that writes the filters into the address. The place in the list is left out: it begins anew. */
export async function FilterForm({ filters, scopes }: Props) {
  const t = await getTranslations('staff')
  return (
    <form method="get" action="/staff/researchers" className="no-print space-y-3">
      <label className="relative block">
        <span className="sr-only">{t('list.search')}</span>
        <Search size={20} className="-translate-y-1/2 absolute start-3 top-1/2 text-ink-soft" />
        <input
          type="search"
          name="q"
          defaultValue={filters.q}
          maxLength={200}
          placeholder={t('list.search')}
          className={`${field} ps-10`}
        />
      </label>
      <div className="grid grid-cols-2 items-end gap-3 md:grid-cols-4 xl:grid-cols-[1fr_1fr_1fr_1.2fr_auto]">
        <label className="space-y-1">
          <span className="note block">{t('list.state')}</span>
          <select name="state" defaultValue={filters.state ?? ''} className={field}>
            <option value="">{t('list.anyState')}</option>
            {listStates.map((state) => (
              <option key={state} value={state}>
                {t(`states.${state}`)}
              </option>
            ))}
          </select>
        </label>
        <label className="space-y-1">
          <span className="note block">{t('list.finding')}</span>
          <select name="finding" defaultValue={filters.finding ?? ''} className={field}>
            <option value="">{t('list.anyFinding')}</option>
            {listFindings.map((finding) => (
              <option key={finding} value={finding}>
                {t(`findings.${finding}`)}
              </option>
            ))}
          </select>
        </label>
        <ScopeMenu filters={filters} scopes={scopes} />
        <label className="space-y-1">
          <span className="note block">{t('list.sort')}</span>
          <select name="sort" defaultValue={filters.sort} className={field}>
            {listSorts.map((sort) => (
              <option key={sort} value={sort}>
                {t(`list.sorts.${sort}`)}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" className="btn btn-primary min-h-11 px-6">
          {t('list.apply')}
        </button>
      </div>
      <label className="flex min-h-8 items-center gap-3">
        <input
          type="checkbox"
          name="lacks"
          value={(filters.lacks.length > 0 ? filters.lacks : scopes).join(' ')}
          defaultChecked={filters.lacks.length > 0}
          className="size-4 shrink-0"
        />
        <span>{t('list.lacksSome')}</span>
      </label>
      {filters.connectedFrom ? <input type="hidden" name="connected-from" value={filters.connectedFrom} /> : null}
      {filters.withdrawnSince ? <input type="hidden" name="withdrawn-since" value={filters.withdrawnSince} /> : null}
    </form>
  )
}

/** A menu of check boxes: people may have to permit several things at once. It shows what is chosen while closed. */
async function ScopeMenu({ filters, scopes }: Props) {
  const t = await getTranslations('staff.list')
  const described = await describeScopes([...scopes, ...filters.scopes])
  const [only, ...others] = described.filter(({ scope }) => filters.scopes.includes(scope))
  const several = others.length > 0 ? t('somePermissions', { count: others.length + 1 }) : null
  return (
    <div className="space-y-1">
      <span className="note block" id="scope-label">
        {t('permission')}
      </span>
      <details className="group relative">
        <summary
          aria-describedby="scope-label"
          className={`${field} flex items-center justify-between gap-2 [&::-webkit-details-marker]:hidden`}
        >
          <span className="truncate">{several ?? only?.title ?? t('anyPermission')}</span>
          <ChevronDown size={16} className="shrink-0 text-ink-soft group-open:rotate-180" />
        </summary>
        <fieldset className="card absolute end-0 z-20 mt-1 w-[min(20rem,calc(100vw-2rem))] space-y-1 p-2! md:start-0 md:end-auto">
          <legend className="sr-only">{t('permission')}</legend>
          {described.map(({ scope, title }) => (
            <label key={scope} className="flex min-h-9 items-center gap-3 rounded-md px-2 hover:bg-sunken">
              <input
                type="checkbox"
                name="scope"
                value={scope}
                defaultChecked={filters.scopes.includes(scope)}
                className="size-4 shrink-0"
              />
              <span>{title}</span>
            </label>
          ))}
        </fieldset>
      </details>
    </div>
  )
}
