import { field } from '@/app/staff/_components/fields'

type Props = { name: string; label: string; hint: string; value?: string; faults?: readonly string[] }

/** A field for text of a machine, with what is wrong with it. */
export function TextField({ name, label, hint, value, faults = [] }: Props) {
  return (
    <div className="space-y-1">
      <label htmlFor={`${name}-field`} className="block font-semibold">
        {label}
      </label>
      <span className="note block" id={`${name}-hint`}>
        {hint}
      </span>
      {faults.length > 0 ? (
        <span id={`${name}-faults`} className="block font-medium text-bad">
          {faults.map((fault) => (
            <span key={fault} className="block">
              {fault}
            </span>
          ))}
        </span>
      ) : null}
      <input
        id={`${name}-field`}
        name={name}
        defaultValue={value}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={faults.length > 0 || undefined}
        aria-describedby={faults.length > 0 ? `${name}-hint ${name}-faults` : `${name}-hint`}
        className={`${field} mono`}
      />
    </div>
  )
}
