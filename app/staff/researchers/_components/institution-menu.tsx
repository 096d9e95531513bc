import { useTranslations } from 'next-intl'
import { field } from '@/app/staff/_components/fields'
import type { FilterWords } from '@/app/staff/_components/filter-words'
import { DepartmentOptions } from '@/app/staff/researchers/_components/department-options'
import { FoldedMenu } from '@/app/staff/researchers/_components/folded-menu'
import { type ListFilters, noDepartment } from '@/lib/researchers/schema'

type Props = { filters: ListFilters; departments: readonly string[]; chosen: FilterWords[] }

/** What the institution knows of somebody. The departments are offered while one types. */
export function InstitutionMenu({ filters: { department, localId }, departments, chosen }: Props) {
  const t = useTranslations('staff.list')
  return (
    <FoldedMenu label={t('place')} any={t('anyPlace')} names={['department', 'local-id']} chosen={chosen} isLast>
      <label className="block space-y-1">
        <span className="note block">{t('department')}</span>
        <input
          name="department"
          list="departments"
          defaultValue={department ?? ''}
          maxLength={200}
          autoComplete="off"
          aria-describedby="department-hint"
          className={field}
        />
      </label>
      <p id="department-hint" className="note mt-1!">
        {t('departmentHint', { none: noDepartment })}
      </p>
      <DepartmentOptions id="departments" names={departments} />
      <label className="block space-y-1">
        <span className="note block">{t('localId')}</span>
        <input name="local-id" defaultValue={localId ?? ''} maxLength={200} autoComplete="off" className={field} />
      </label>
    </FoldedMenu>
  )
}
