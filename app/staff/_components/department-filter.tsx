import type { ReactNode } from 'react'
import { field } from '@/app/staff/_components/fields'
import { DepartmentOptions } from '@/app/staff/researchers/_components/department-options'

type Props = {
  label: ReactNode
  department: string | null
  departments: readonly string[]
  hint?: ReactNode
  className?: string
}

/** The filter by department. Those that there are, are offered while one types. */
export function DepartmentFilter({ label, department, departments, hint, className = '' }: Props) {
  return (
    <>
      <label className={`block min-w-0 space-y-1 ${className}`}>
        <span className="note block">{label}</span>
        <input
          name="department"
          list="departments"
          defaultValue={department ?? ''}
          maxLength={200}
          autoComplete="off"
          aria-describedby={hint ? 'department-hint' : undefined}
          className={field}
        />
      </label>
      {hint ? (
        <p id="department-hint" className="note mt-1!">
          {hint}
        </p>
      ) : null}
      <DepartmentOptions id="departments" names={departments} />
    </>
  )
}
