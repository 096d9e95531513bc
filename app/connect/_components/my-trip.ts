import { redirect } from 'next/navigation'
import type { AttemptOutcome } from '@/lib/attempts/attempt'
import { findMyTrip } from '@/lib/attempts/queries'
import { orUnavailable, requireResearcher } from '@/lib/auth/gates'

/**
 * The trip that began this session and what it brought, for the page of `outcome`. Leaves to `/me` when the trip ended
 * in another way, or what it brought was taken back since: the page would no longer be true.
 */
export async function requireMyTrip(outcome: AttemptOutcome) {
  const { actor, name, attemptId } = await requireResearcher()
  const trip = await orUnavailable(() => findMyTrip(actor, attemptId))
  if (!trip?.grant || trip.outcome !== outcome || trip.grant.state !== 'live') redirect('/me')
  const { grant, reference, scopesAsked, startedBy } = trip
  return { orcid: actor.orcid, name, reference, asked: scopesAsked, grant, before: startedBy?.orcid ?? null }
}

export type MyTrip = Awaited<ReturnType<typeof requireMyTrip>>
