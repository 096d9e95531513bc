import { useTranslations } from 'next-intl'
import { FoldedMenu, field, SelectMenu } from '@/app/staff/researchers/_components/filter-menus'
import type { FilterWords } from '@/app/staff/researchers/_components/filter-words'
import { env } from '@/lib/env'
import type { FilterName, ListFilters } from '@/lib/researchers/schema'

const months = [1, 3, 6, 12, 24, 60, 120]

/** Everything that is a day or a time from now. */
export function DateMenu({ filters, chosen }: { filters: ListFilters; chosen: FilterWords[] }) {
  const t = useTranslations('staff.list')
  const { expiringWithin, connectedFrom, connectedTo, withdrawnSince, checkedFrom, checkedBefore } = filters
  const ofConnected = env().orcid.api === 'member' || connectedFrom || connectedTo || expiringWithin
  const offered = [...new Set([...months, expiringWithin ?? 12])].sort((one, other) => one - other)
  return (
    <FoldedMenu
      label={t('dates')}
      any={t('anyDate')}
      names={['expiring-within', 'connected-from', 'connected-to', 'checked-from', 'checked-before', 'withdrawn-since']}
      chosen={chosen}
    >
      <div className="grid grid-cols-2 gap-3">
        {ofConnected ? (
          <>
            <Day name="connected-from" label={t('connectedFrom')} value={connectedFrom} />
            <Day name="connected-to" label={t('connectedTo')} value={connectedTo} />
          </>
        ) : null}
        <Day name="checked-from" label={t('checkedFrom')} value={checkedFrom} />
        <Day name="checked-before" label={t('checkedBefore')} value={checkedBefore} />
        <Day name="withdrawn-since" label={t('withdrawnSince')} value={withdrawnSince} />
      </div>
      {ofConnected ? (
        <SelectMenu
          name="expiring-within"
          label={t('expiringWithin')}
          any={t('anyDate')}
          options={offered.map((value) => ({ value, words: t('withinMonths', { months: value }) }))}
          value={expiringWithin}
        />
      ) : null}
    </FoldedMenu>
  )
}

function Day({ name, label, value }: { name: FilterName; label: string; value: string | null }) {
  return (
    <label className="block min-w-0 space-y-1">
      <span className="note block">{label}</span>
      <input type="date" name={name} defaultValue={value ?? ''} className={field} />
    </label>
  )
}
