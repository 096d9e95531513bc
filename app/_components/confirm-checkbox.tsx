import type { ReactNode } from 'react'

/** The box to tick before something that cannot be undone; the form sends it as `sure=yes`. */
export function ConfirmCheckbox({ children }: { children: ReactNode }) {
  return (
    <label className="flex min-h-6 items-start gap-3">
      <input type="checkbox" name="sure" value="yes" required className="mt-0.5 size-5 shrink-0" />
      <span>{children}</span>
    </label>
  )
}
