import { useTranslations } from 'next-intl'
import { DateField, SelectMenu } from '@/app/staff/_components/fields'
import type { FilterWords } from '@/app/staff/_components/filter-words'
import { FoldedMenu } from '@/app/staff/researchers/_components/folded-menu'
import { env } from '@/lib/config/env'
import type { ListFilters } from '@/lib/researchers/schema'

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
            <DateField name="connected-from" label={t('connectedFrom')} value={connectedFrom} />
            <DateField name="connected-to" label={t('connectedTo')} value={connectedTo} />
          </>
        ) : null}
        <DateField name="checked-from" label={t('checkedFrom')} value={checkedFrom} />
        <DateField name="checked-before" label={t('checkedBefore')} value={checkedBefore} />
        <DateField name="withdrawn-since" label={t('withdrawnSince')} value={withdrawnSince} />
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
