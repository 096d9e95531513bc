import { CircleAlert, CircleCheck, Info } from 'lucide-react'
import type { ReactNode } from 'react'

const marks = { good: CircleCheck, needs: CircleAlert, plain: Info }
const tones = { good: 'text-good', needs: 'text-warn', plain: 'text-ink-soft' }

export type AnswerTone = keyof typeof marks

/** The first line of a page: the answer to the question that brought somebody there, with its one action. */
export function Answer({ tone, action, children }: { tone: AnswerTone; action?: ReactNode; children: ReactNode }) {
  const Mark = marks[tone]
  return (
    <div className="flex gap-3">
      <Mark size={24} className={`mt-0.5 shrink-0 ${tones[tone]}`} />
      <div className="min-w-0 flex-1 space-y-3">
        <p className="text-lg">{children}</p>
        {action ? <div className="no-print flex flex-wrap items-center gap-3">{action}</div> : null}
      </div>
    </div>
  )
}
