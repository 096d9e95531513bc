type Action = { label: string; href: string; first: boolean }

const failedTrips = [
  { outcome: 'denied', isError: false },
  { outcome: 'nothing-came-back', isError: true },
  { outcome: 'expired', isError: true },
  { outcome: 'already-used', isError: false },
  { outcome: 'orcid-refused', isError: true },
  { outcome: 'orcid-unavailable', isError: true },
  { outcome: 'not-saved', isError: true },
  { outcome: 'unavailable', isError: true },
] as const

/** A trip that brought nothing: its outcome as it stands in the address, and whether somebody or something failed. */
export type FailedTrip = (typeof failedTrips)[number]

export function findFailedTrip(outcome: string): FailedTrip | null {
  return failedTrips.find((failed) => failed.outcome === outcome) ?? null
}

/** What can be done then, at most two things; `only-id` stands for the form that asks for the iD alone. */
export function actionsOf({ outcome }: FailedTrip): Action[] {
  if (outcome === 'denied') {
    return [
      { label: 'denied.onlyId', href: 'only-id', first: true },
      { label: 'denied.again', href: '/connect', first: false },
    ]
  }
  if (outcome === 'already-used') {
    return [
      { label: 'already-used.me', href: '/me', first: true },
      { label: 'start', href: '/', first: false },
    ]
  }
  return [{ label: outcome === 'expired' ? 'start' : 'retry', href: '/', first: true }]
}
