import { Check, Minus } from 'lucide-react'
import type { ReactNode } from 'react'

type Props = {
  scope: string
  /** What is permitted, in plain words. */
  title: string
  explanation?: string
  /** Why the institution asks for it. */
  reason?: string | null
  granted?: boolean
  /** More about it, such as when it was granted. */
  children?: ReactNode
}

/** One permission of a list: a check mark or a dash, the sentence, the reason below it, the scope in small print. */
export function Permission({ scope, title, explanation, reason, granted = true, children }: Props) {
  const Mark = granted ? Check : Minus
  return (
    <li className="flex gap-3 py-3">
      <Mark size={20} className={granted ? 'mt-0.5 shrink-0 text-good' : 'mt-0.5 shrink-0 text-ink-soft'} />
      <PermissionWords scope={scope} title={title} explanation={explanation} reason={reason}>
        {children}
      </PermissionWords>
    </li>
  )
}

/** The words of a permission without its mark, for a list that has marks of its own. */
export function PermissionWords({ scope, title, explanation, reason, children }: Omit<Props, 'granted'>) {
  return (
    <div className="grid min-w-0 flex-1 grid-cols-[minmax(0,1fr)] gap-x-4 sm:grid-cols-[minmax(0,1fr)_auto]">
      <span className="font-semibold [overflow-wrap:anywhere]">{title}</span>
      {title === scope ? null : (
        <code className="order-last whitespace-nowrap text-[0.8125rem] text-ink-soft leading-6 sm:order-none">
          {scope}
        </code>
      )}
      <div className="sm:col-span-2">
        {reason ? <p>{reason}</p> : null}
        {explanation ? <p className="note">{explanation}</p> : null}
        {children}
      </div>
    </div>
  )
}

/** The frame of such a list. */
export function PermissionList({ label, children }: { label?: string; children: ReactNode }) {
  return (
    <ul aria-label={label} className="card divide-y divide-line py-1.5">
      {children}
    </ul>
  )
}
