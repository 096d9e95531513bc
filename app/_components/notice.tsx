import { CircleAlert, CircleCheck, Info } from 'lucide-react'
import type { ReactNode } from 'react'

const marks = { info: Info, good: CircleCheck, warn: CircleAlert }
const tones = { info: 'text-accent', good: 'text-good', warn: 'text-warn' }

/** Something to know about the page that it stands on. */
export function Notice({ tone = 'info', children }: { tone?: keyof typeof marks; children: ReactNode }) {
  const Mark = marks[tone]
  return (
    <div className="card card-small flex gap-3">
      <Mark size={20} className={`mt-0.5 shrink-0 ${tones[tone]}`} />
      <div className="min-w-0 flex-1">{children}</div>
    </div>
  )
}
