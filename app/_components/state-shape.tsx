import type { ReactNode } from 'react'

export type StateName =
  | 'connected'
  | 'identity_only'
  | 'not_connected'
  | 'withdrawn'
  | 'withdrawn_at_orcid'
  | 'expired'
  | 'expiring'
  | 'waiting'
  | 'ended'
  | 'record_deprecated'
  | 'record_deactivated'
  | 'record_locked'
  | 'wrong_record'
  | 'being_checked'

const tones: Record<StateName, string> = {
  connected: 'text-good',
  identity_only: 'text-ink-soft',
  not_connected: 'text-ink-soft',
  withdrawn: 'text-bad',
  expired: 'text-warn',
  expiring: 'text-warn',
  waiting: 'text-warn',
  ended: 'text-ink-soft',
  withdrawn_at_orcid: 'text-bad',
  record_deprecated: 'text-ink-soft',
  record_deactivated: 'text-ink-soft',
  record_locked: 'text-warn',
  wrong_record: 'text-bad',
  being_checked: 'text-ink-soft',
}

const cross = <path d="m2 2 8 8M10 2l-8 8" />
const dots = (
  <g fill="currentColor" stroke="none">
    <circle cx="1.75" cy="6" r="1.4" />
    <circle cx="6" cy="6" r="1.4" />
    <circle cx="10.25" cy="6" r="1.4" />
  </g>
)
const square = <rect x="2.25" y="2.25" width="7.5" height="7.5" rx="1" />

// Each kind has a shape of its own, so that nobody has to tell colours apart.
const shapes: Record<StateName, ReactNode> = {
  connected: <circle cx="6" cy="6" r="5" fill="currentColor" />,
  identity_only: <circle cx="6" cy="6" r="4.25" />,
  not_connected: <circle cx="6" cy="6" r="1.75" />,
  withdrawn: cross,
  withdrawn_at_orcid: cross,
  expired: <path d="M1.75 6h8.5" />,
  expiring: (
    <>
      <circle cx="6" cy="6" r="4.25" />
      <path d="M6 6V1.750A4.25 4.25 0 0 1 10.25 6Z" fill="currentColor" />
    </>
  ),
  waiting: dots,
  being_checked: dots,
  ended: square,
  record_deprecated: square,
  record_deactivated: square,
  record_locked: (
    <>
      <path d="M3.75 5.5V4a2.25 2.25 0 0 1 4.5 0v1.5" />
      <path d="M2 5.5h8V11H2Z" fill="currentColor" />
    </>
  ),
  wrong_record: <path d="M6 1.5v5.25M6 10.25v.25" />,
}

/** The shape that goes before the word for a state. */
export function StateShape({ state }: { state: StateName }) {
  return (
    <svg viewBox="0 0 12 12" aria-hidden="true" className={`state-shape ${tones[state]}`}>
      {shapes[state]}
    </svg>
  )
}
