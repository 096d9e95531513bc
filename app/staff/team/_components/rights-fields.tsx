import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { DepartmentFields } from '@/app/staff/_components/department-fields'
import type { RightsFault } from '@/app/staff/team/_components/rights-fault'
import type { Role } from '@/lib/actor'
import type { SavedFields } from '@/lib/auth/saved-form'
import { roles } from '@/lib/staff/staff'

export type TypedRights = { role: Role; departments: readonly string[]; mayExport: boolean; isLimited: boolean }

/** What was typed into the form, from an address or from before a sign-in. */
export function readTyped(fields: SavedFields): TypedRights {
  const all = (name: string) => [fields[name] ?? []].flat()
  return {
    role: roles.find((role) => role === all('role')[0]) ?? 'viewer',
    departments: all('department').filter(Boolean),
    mayExport: all('export')[0] === 'yes',
    isLimited: all('limit')[0] === 'some',
  }
}

type Props = {
  given: Omit<TypedRights, 'role'>
  /** Offered while one types. */
  offered: readonly string[]
  fault: RightsFault | null
}

/** Whose data a viewer or manager may see, and whether they may take it away in files. */
export async function RightsFields({ given, offered, fault }: Props) {
  const t = await getTranslations('staff.team.rights')
  return (
    <div className="space-y-4">
      {fault ? (
        <div role="alert">
          <Notice tone="warn">{t(`faults.${fault}`)}</Notice>
        </div>
      ) : null}
      <fieldset className="space-y-2">
        <legend className="font-medium">{t('whom')}</legend>
        {(['all', 'some'] as const).map((value) => (
          <label key={value} className="flex min-h-6 items-center gap-3">
            <input
              type="radio"
              name="limit"
              value={value}
              defaultChecked={given.isLimited === (value === 'some')}
              className="size-5 shrink-0"
            />
            {t(`limits.${value}`)}
          </label>
        ))}
        <div className="max-w-[28rem] space-y-2 [fieldset:not(:has([value=some]:checked))_&]:hidden">
          <p className="font-medium">{t('departments')}</p>
          <DepartmentFields name="department" given={given.departments} offered={offered} />
        </div>
        <p className="note">{t('below')}</p>
      </fieldset>
      <label className="flex min-h-6 items-center gap-3">
        <input type="checkbox" name="export" value="yes" defaultChecked={given.mayExport} className="size-5 shrink-0" />
        {t('export')}
      </label>
    </div>
  )
}
