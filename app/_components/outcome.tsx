import { Check, Clock, Info, TriangleAlert } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'

const marks = { good: Check, plain: Info, bad: TriangleAlert, waiting: Clock }
const tones = { good: 'text-good', plain: 'text-ink-soft', bad: 'text-bad', waiting: 'text-warn' }

type Props = {
  tone: keyof typeof marks
  /** What happened, in one line. */
  title: string
  /** What was kept. */
  kept: string
  /** Whatever shows it: the iD, the permissions. */
  children?: ReactNode
  /** What can be done now: a sentence, and at most two actions. */
  next?: string
  actions?: ReactNode
  reference?: string | null
  supportEmail: string
}

/** The page after something happened: what, what was kept, what next, and what to quote to whom. */
export function Outcome({ tone, title, kept, children, next, actions, reference, supportEmail }: Props) {
  const t = useTranslations('pieces.outcome')
  const Mark = marks[tone]
  return (
    <div className="space-y-6">
      <div className="space-y-3">
        <h1 className="flex items-start gap-3">
          <Mark size={28} className={`mt-1 shrink-0 ${tones[tone]}`} />
          <span className="min-w-0">{title}</span>
        </h1>
        <p className="text-lg">{kept}</p>
      </div>
      {children}
      {next || actions ? (
        <section aria-labelledby="next" className="space-y-3">
          <h2 id="next">{t('next')}</h2>
          {next ? <p>{next}</p> : null}
          {actions ? <div className="no-print flex flex-wrap items-center gap-3">{actions}</div> : null}
        </section>
      ) : null}
      <Support reference={reference} email={supportEmail} />
    </div>
  )
}

/** What to quote, and whom to ask. */
function Support({ reference, email }: { reference?: string | null; email: string }) {
  const t = useTranslations('pieces.outcome')
  return (
    <div className="note flex flex-wrap gap-x-6 gap-y-1 border-line border-t pt-4">
      {reference ? (
        <span>
          {t('reference')} <code className="whitespace-nowrap text-ink">{reference}</code>
        </span>
      ) : null}
      <span>
        {t('questions')}{' '}
        <a href={mailto(email, reference)} translate="no">
          {email}
        </a>
      </span>
    </div>
  )
}

function mailto(email: string, reference?: string | null): string {
  return `mailto:${email}${reference ? `?subject=${encodeURIComponent(`ORCID: ${reference}`)}` : ''}`
}
