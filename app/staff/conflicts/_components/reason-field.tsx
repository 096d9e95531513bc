import { conflictReasonCharsMax } from '@/lib/people/conflict-schema'

type Props = { id: string; label: string; hint?: string; defaultValue?: string }

/** Why staff decide as they do. */
export function ReasonField({ id, label, hint, defaultValue }: Props) {
  return (
    <div className="space-y-1">
      <label htmlFor={id} className="block font-medium">
        {label}
      </label>
      {hint ? (
        <p id={`${id}-hint`} className="note">
          {hint}
        </p>
      ) : null}
      <textarea
        id={id}
        name="reason"
        required
        maxLength={conflictReasonCharsMax}
        rows={2}
        defaultValue={defaultValue}
        dir="auto"
        aria-describedby={hint ? `${id}-hint` : undefined}
        className="block w-full rounded-lg border border-line-strong bg-surface px-3 py-2"
      />
    </div>
  )
}
