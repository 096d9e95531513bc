import { getTranslations } from 'next-intl/server'
import { field } from '@/app/staff/_components/fields'
import { DepartmentOptions } from '@/app/staff/researchers/_components/department-options'

type Props = {
  name: string
  given: readonly string[]
  /** Offered while one types. */
  offered: readonly string[]
  /** What the fields as a group are called, by its id. */
  describedBy?: string
}

const emptyFields = 3

/** Fields for departments, each with what is there to choose from, and a few more that are empty. */
export async function DepartmentFields({ name, given, offered, describedBy }: Props) {
  const t = await getTranslations('staff.team.rights')
  const filled = [...given, ...Array.from({ length: emptyFields }, () => '')]
  return (
    <>
      {filled.map((department, index) => (
        <input
          // biome-ignore lint/suspicious/noArrayIndexKey: fields without a name of their own, in a fixed order.
          key={index}
          name={name}
          list={`${name}-offered`}
          defaultValue={department}
          maxLength={200}
          autoComplete="off"
          dir="auto"
          aria-label={t('department', { number: index + 1 })}
          aria-describedby={describedBy}
          className={field}
        />
      ))}
      <DepartmentOptions id={`${name}-offered`} names={offered} />
    </>
  )
}
