import { Check, Minus } from 'lucide-react'
import type { ReactNode } from 'react'

type Props = {
  /** What is permitted, in plain words. */
  title: string
  explanation?: string
  /** Why the institution asks for it. */
  reason?: string | null
  /** Which systems use it, and for what. */
  uses?: readonly string[]
  granted?: boolean
  /** More about it, such as when it was granted. */
  children?: ReactNode
}

/** One permission of a list: a check mark or a dash, the sentence, the reason below it. */
export function Permission({ title, explanation, reason, uses, granted = true, children }: Props) {
  const Mark = granted ? Check : Minus
  return (
    <li className="flex gap-3 py-3">
      <Mark size={20} className={granted ? 'mt-0.5 shrink-0 text-good' : 'mt-0.5 shrink-0 text-ink-soft'} />
      <PermissionWords title={title} explanation={explanation} reason={reason} uses={uses}>
        {children}
      </PermissionWords>
    </li>
  )
}

/** The words of a permission without its mark, for a list that has marks of its own. */
export function PermissionWords({ title, explanation, reason, uses = [], children }: Omit<Props, 'granted'>) {
  return (
    <div className="min-w-0 flex-1">
      <span className="font-semibold [overflow-wrap:anywhere]">{title}</span>
      {reason ? <p>{reason}</p> : null}
      {uses.map((use) => (
        <p key={use} dir="auto" className="[overflow-wrap:anywhere]">
          {use}
        </p>
      ))}
      {explanation ? <p className="note">{explanation}</p> : null}
      {children}
    </div>
  )
}

/** The frame of such a list. */
export function PermissionList({ label, children }: { label?: string; children: ReactNode }) {
  return (
    <ul aria-label={label} className="card card-list">
      {children}
    </ul>
  )
}
