import { useFormatter, useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { TechnicalDetails } from '@/app/_components/technical-details'
import { When } from '@/app/_components/when'

export type Call = {
  id: bigint
  at: Date
  actorKind: string
  purpose: string
  method: string
  path: string
  outcome: string
  status: number | null
  errorCode: number | null
  latencyMs: number
  tries: number
}

/** What was asked of ORCID about somebody, why, for whom, and what came of it. `view` is who reads it. */
export function CallList({ calls, view }: { calls: Call[]; view: 'own' | 'staff' }) {
  const t = useTranslations('pieces.calls')
  const format = useFormatter()
  return (
    <ul className="card card-list">
      {calls.map(({ id, at, actorKind, purpose, method, path, outcome, status, errorCode, latencyMs, tries }) => (
        <li key={String(id)} className="space-y-0.5 py-3">
          <p className="flex max-w-none flex-wrap justify-between gap-x-6">
            <span>
              <span className="font-medium">{t(`purposes.${purpose}`)}</span>
              {' · '}
              {t(`outcomes.${outcome}`)}
            </span>
            <span className="note whitespace-nowrap">
              <When at={at} />
            </span>
          </p>
          <div className="note flex flex-wrap gap-x-4">
            <span>{t(`who.${view}.${actorKind}`)}</span>
            <Technical folded={view === 'own'}>
              <code className="break-all">
                {method} {path}
                {status === null ? null : ` → ${status}`}
                {errorCode === null ? null : ` (${errorCode})`}
              </code>{' '}
              <span>
                {t('took', { seconds: format.number(latencyMs / 1_000, { maximumFractionDigits: 2 }) })}
                {tries > 1 ? ` · ${t('tries', { count: tries })}` : null}
              </span>
            </Technical>
          </div>
        </li>
      ))}
    </ul>
  )
}

function Technical({ folded, children }: { folded: boolean; children: ReactNode }) {
  return folded ? <TechnicalDetails>{children}</TechnicalDetails> : children
}
