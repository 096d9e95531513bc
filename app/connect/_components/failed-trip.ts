/** A link, or a form of fields that leads to ORCID. */
export type Action = { label: string; first?: boolean } & ({ href: string } | { fields: Record<string, string> })

const failedTrips = [
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
  { outcome: 'tried', isError: false },
  { outcome: 'tried-refused', isError: false },
] as const

/** A trip that brought nothing: its outcome as it stands in the address, and whether somebody or something failed. */
export type FailedTrip = (typeof failedTrips)[number]

export function findFailedTrip(outcome: string): FailedTrip | null {
  return failedTrips.find((failed) => failed.outcome === outcome) ?? null
}

const retry: Action = { label: 'retry', href: '/', first: true }
const start: Action = { label: 'start', href: '/' }

const actions: Partial<Record<FailedTrip['outcome'], Action[]>> = {
  denied: [
    { label: 'denied.onlyId', fields: { scope: 'openid' }, first: true },
    { label: 'denied.again', href: '/connect' },
  ],
  'sent-by-orcid': [{ label: 'sent-by-orcid.connect', fields: {}, first: true }],
  'other-browser': [{ ...start, first: true }],
  expired: [{ ...start, first: true }],
  'code-expired': [{ label: 'code-expired.again', fields: { purpose: 'again' }, first: true }],
  tried: [],
  'tried-refused': [],
  'already-used': [{ label: 'already-used.me', href: '/me', first: true }, start],
}

/** What can be done then, at most two things. Whoever was asked for their iD alone cannot give less. */
export function actionsOf({ outcome }: FailedTrip, asksForIdAlone: boolean): Action[] {
  if (outcome === 'denied' && asksForIdAlone) return [{ ...start, first: true }]
  return actions[outcome] ?? [retry]
}
