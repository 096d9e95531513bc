import { Check, Clock, Info, TriangleAlert } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { ConnectButton } from '@/app/_components/connect-button'
import { Page } from '@/app/_components/page'

const marks = { good: Check, plain: Info, bad: TriangleAlert, waiting: Clock }
const tones = { good: 'text-good', plain: 'text-ink-soft', bad: 'text-bad', waiting: 'text-warn' }

const looks = { primary: 'btn btn-primary', quiet: 'btn btn-quiet', link: undefined }

/** A link, quiet unless it says otherwise, or a button whose fields lead to ORCID. */
export type OutcomeAction = { label: string } & (
  | { href: string; look?: keyof typeof looks }
  | { fields: Record<string, string | readonly string[]> }
)

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
  actions?: OutcomeAction[]
  /** What can be read afterwards. */
  details?: ReactNode
  reference?: string | null
  supportEmail: string
}

/** An outcome as a page of its own. */
export function OutcomePage(props: Props) {
  return (
    <Page>
      <Outcome {...props} />
    </Page>
  )
}

/** Says what happened, what was kept, what next, and what to quote to whom. */
export function Outcome({ tone, title, kept, children, next, actions = [], details, reference, supportEmail }: Props) {
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
      {next || actions.length > 0 ? (
        <section aria-labelledby="next" className="space-y-3">
          <h2 id="next">{t('next')}</h2>
          {next ? <p>{next}</p> : null}
          {actions.length > 0 ? (
            <div className="no-print flex flex-wrap items-center gap-3">{actions.map(toButton)}</div>
          ) : null}
        </section>
      ) : null}
      {details}
      <Support reference={reference} email={supportEmail} />
    </div>
  )
}

function toButton({ label, ...to }: OutcomeAction) {
  if ('fields' in to) return <ConnectButton key={label} label={label} fields={to.fields} />
  return (
    <a key={label} href={to.href} className={looks[to.look ?? 'quiet']}>
      {label}
    </a>
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
