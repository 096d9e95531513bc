import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { type StateName, StateShape } from '@/app/_components/state-shape'

/** How a grant looks that stands, or that ended in one way or another. */
export const grantStates = {
  live: 'connected',
  superseded: 'ended',
  withdrawn_here: 'withdrawn',
  ended_here: 'ended',
  withdrawn_at_orcid: 'withdrawn_at_orcid',
  expired: 'expired',
  code_reused: 'ended',
  record_deprecated: 'record_deprecated',
  record_deactivated: 'record_deactivated',
} as const satisfies Record<string, StateName>

/** The state of a person or a permission: a shape and a word. `children` says it in other words. */
export function State({ state, children }: { state: StateName; children?: ReactNode }) {
  const t = useTranslations('pieces.state')
  return (
    <span className="state">
      <StateShape state={state} />
      {children ?? t(state)}
    </span>
  )
}
