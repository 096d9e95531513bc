import type { OutcomeAction } from '@/app/_components/outcome'

const failedAttempts = [
  { outcome: 'denied', isError: false },
  { outcome: 'nothing-came-back', isError: true },
  { outcome: 'sent-by-orcid', isError: false },
  { outcome: 'other-browser', isError: true },
  { outcome: 'expired', isError: true },
  { outcome: 'code-expired', isError: false },
  { outcome: 'already-used', isError: false },
  { outcome: 'orcid-refused', isError: true },
  { outcome: 'orcid-unavailable', isError: true },
  { outcome: 'not-saved', isError: true },
  { outcome: 'unavailable', isError: true },
  { outcome: 'text-changed', isError: false },
  { outcome: 'tried', isError: false },
  { outcome: 'tried-refused', isError: false },
] as const

/** An attempt that brought nothing: its outcome as it stands in the address, and whether somebody or something failed. */
export type FailedAttempt = (typeof failedAttempts)[number]

export function findFailedAttempt(outcome: string): FailedAttempt | null {
  return failedAttempts.find((failed) => failed.outcome === outcome) ?? null
}

const retry: OutcomeAction = { label: 'retry', href: '/', look: 'primary' }
const start: OutcomeAction = { label: 'start', href: '/' }

const actions: Partial<Record<FailedAttempt['outcome'], OutcomeAction[]>> = {
  denied: [
    { label: 'denied.onlyId', fields: { purpose: 'again', scope: 'openid' } },
    { label: 'denied.again', href: '/connect?again=yes' },
  ],
  'sent-by-orcid': [{ label: 'sent-by-orcid.connect', fields: {} }],
  'other-browser': [{ ...start, look: 'primary' }],
  expired: [{ ...start, look: 'primary' }],
  'code-expired': [{ label: 'code-expired.again', fields: { purpose: 'again' } }],
  tried: [],
  'tried-refused': [],
  'already-used': [{ label: 'already-used.me', href: '/me', look: 'primary' }, start],
}

/**
 * What can be done then, at most two things, labelled by keys of the messages. Whoever was asked for their iD alone
 * cannot give less.
 */
export function actionsOf({ outcome }: FailedAttempt, asksForIdAlone: boolean): OutcomeAction[] {
  if (outcome === 'denied' && asksForIdAlone) return [{ ...start, look: 'primary' }]
  return actions[outcome] ?? [retry]
}
