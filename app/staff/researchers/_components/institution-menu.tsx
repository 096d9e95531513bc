import { useTranslations } from 'next-intl'
import { DepartmentFilter } from '@/app/staff/_components/department-filter'
import { field } from '@/app/staff/_components/fields'
import type { FilterWords } from '@/app/staff/_components/filter-words'
import { FoldedMenu } from '@/app/staff/researchers/_components/folded-menu'
import { type ListFilters, noDepartment } from '@/lib/researchers/schema'

type Props = { filters: ListFilters; departments: readonly string[]; chosen: FilterWords[] }

/** What the institution knows of somebody. The departments are offered while one types. */
export function InstitutionMenu({ filters: { department, localId }, departments, chosen }: Props) {
  const t = useTranslations('staff.list')
  return (
    <FoldedMenu label={t('place')} any={t('anyPlace')} names={['department', 'local-id']} chosen={chosen} isLast>
      <DepartmentFilter
        label={t('department')}
        department={department}
        departments={departments}
        hint={t('departmentHint', { none: noDepartment })}
      />
      <label className="block space-y-1">
        <span className="note block">{t('localId')}</span>
        <input name="local-id" defaultValue={localId ?? ''} maxLength={200} autoComplete="off" className={field} />
      </label>
    </FoldedMenu>
  )
}
