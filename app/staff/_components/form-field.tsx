import { State } from '@/app/_components/state'
import { field } from '@/app/staff/_components/fields'

type Props = {
  name: string
  label: string
  hint?: string
  fault?: string
  /** What is still missing here, which is no fault yet. */
  missing?: string
  value: string
  isNeeded?: boolean
  kind?: 'text' | 'long' | 'date' | 'number'
}

/** A field with its hint and what is wrong with it. */
export function FormField({ name, label, hint, fault, missing, value, isNeeded, kind = 'text' }: Props) {
  const described = [hint && `${name}-hint`, (fault || missing) && `${name}-fault`].filter(Boolean).join(' ')
  const shared = {
    id: name,
    name,
    dir: 'auto' as const,
    translate: 'no' as const,
    defaultValue: value,
    autoComplete: 'off',
    required: isNeeded,
    'aria-invalid': fault ? (true as const) : undefined,
    'aria-describedby': described || undefined,
  }
  return (
    <label htmlFor={name} className="block space-y-1">
      <span className="block font-semibold [overflow-wrap:anywhere]">{label}</span>
      {hint ? (
        <span className="note block" id={`${name}-hint`}>
          {hint}
        </span>
      ) : null}
      {fault ? <FieldFault name={name}>{fault}</FieldFault> : null}
      {missing && !fault ? <FieldMissing name={name}>{missing}</FieldMissing> : null}
      {kind === 'long' ? (
        <textarea {...shared} rows={3} className={`${field} py-2`} />
      ) : (
        <input
          {...shared}
          type={kind === 'date' ? 'date' : 'text'}
          inputMode={kind === 'number' ? 'numeric' : undefined}
          className={field}
        />
      )}
    </label>
  )
}

/** What is still missing in a field or a group of boxes, which is no fault yet. */
export function FieldMissing({ name, children }: { name: string; children: string }) {
  return (
    <span id={`${name}-fault`} className="block">
      <State state="waiting">
        <span className="whitespace-normal">{children}</span>
      </State>
    </span>
  )
}

/** What is wrong with a field or a group of boxes. */
export function FieldFault({ name, children }: { name: string; children: string }) {
  return (
    <span id={`${name}-fault`} className="block font-medium text-bad">
      {children}
    </span>
  )
}
