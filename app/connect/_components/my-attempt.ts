import { redirect } from 'next/navigation'
import { listMyAffiliations } from '@/lib/affiliations/queries'
import type { AttemptOutcome } from '@/lib/attempts/outcome'
import { findMyAttempt } from '@/lib/attempts/queries'
import { orUnavailable, requireResearcher } from '@/lib/auth/gates'
import { findMyPerson } from '@/lib/people/queries'

/**
 * The attempt that began this session and what it brought, for the page of `outcome`. Leaves to `/me` when the attempt ended
 * in another way, or what it brought was taken back since: the page would no longer be true.
 */
export async function requireMyAttempt(outcome: AttemptOutcome) {
  const { actor, name, attemptId } = await requireResearcher()
  const attempt = await orUnavailable(() => findMyAttempt(actor, attemptId))
  if (!attempt?.grant || attempt.outcome !== outcome || attempt.grant.state !== 'live') redirect('/me')
  const { grant, reference, scopesAsked, startedBy, campaign, linkId } = attempt
  const person = await orUnavailable(() => findMyPerson(actor))
  const items = await orUnavailable(() => listMyAffiliations(actor))
  const mustAnswer = person !== null && !person.isProven
  return {
    orcid: actor.orcid,
    name,
    reference,
    asked: scopesAsked,
    grant,
    before: startedBy?.orcid ?? null,
    mustAnswer,
    campaign: campaign?.name ?? null,
    isAsked: campaign !== null || linkId !== null,
    items: items.filter(
      ({ state, removal, writtenAt }) =>
        removal === null &&
        (beingWritten.includes(state) || (state === 'in_orcid' && writtenAt !== null && writtenAt >= grant.grantedAt)),
    ),
  }
}

const beingWritten: readonly string[] = ['pending', 'updating', 'waiting_for_orcid']

export type MyAttempt = Awaited<ReturnType<typeof requireMyAttempt>>
