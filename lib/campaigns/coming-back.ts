import 'server-only'
import { z } from 'zod'
import { doNotAsk } from '@/lib/campaigns/do-not-ask'
import { Prisma, queryRows, type Tx } from '@/lib/db'
import { lockWithHolder } from '@/lib/people/binding'
import { matchInvited } from '@/lib/people/matching'

const followed = z.object({
  invitationId: z.string(),
  personId: z.string(),
  isSecondId: z.boolean(),
  proves: z.boolean(),
})

type Return = { linkId: string; researcherId: string; scopesAsked: readonly string[]; requestId: string }

/**
 * Somebody came back from ORCID who had followed a personal link: binds their iD to the person, or asks staff. Returns
 * whether the roster need not be searched for them any more. Call it when the grant is saved.
 */
export async function comeBackInvited(tx: Tx, { linkId, researcherId, scopesAsked, requestId }: Return) {
  const whose = await tx.invitationLink.findUnique({
    where: { id: linkId },
    select: { invitation: { select: { personId: true } } },
  })
  if (!whose) return false
  // First the people, so that two who come back by one link are looked at one after the other.
  await lockWithHolder(tx, researcherId, [whose.invitation.personId])
  const [link] = await queryRows(
    tx,
    followed,
    Prisma.sql`
      select i.id::text as "invitationId", p.id::text as "personId",
        coalesce(l.researcher_id <> ${researcherId}::uuid, false) as "isSecondId",
        l.revoked_at is null and not p.confidential and p.state in ('active', 'leaving') as proves
      from invitation_link l join invitation i on i.id = l.invitation_id join person p on p.id = i.person_id
      where l.id = ${linkId}::uuid`,
  )
  if (!link?.proves) return false
  const { invitationId, personId, isSecondId } = link
  const isMatched = await matchInvited(tx, { personId, researcherId, isSecondId, requestId })
  await tx.$executeRaw`
    update invitation_link set researcher_id = coalesce(researcher_id, ${researcherId}::uuid),
      used_at = coalesce(used_at, now()) where id = ${linkId}::uuid`
  await noteSuccess(tx, { invitationId, researcherId, scopesAsked })
  return isMatched
}

/** An invitation of a campaign, or for what was missing, ends by `end_asking`; another asked for what this attempt did. */
async function noteSuccess(
  tx: Tx,
  {
    invitationId,
    researcherId,
    scopesAsked,
  }: { invitationId: string; researcherId: string; scopesAsked: readonly string[] },
): Promise<void> {
  await tx.$executeRaw`
    with answered as (
      select o.id, o.campaign_id is null and o.scopes = '{}' and (o.ended_at is null or o.ended = 'declined')
        and p.live_scopes @> array_remove(${[...scopesAsked]}::text[], 'openid') as is_over
      from invitation o join person p on p.id = o.person_id
      where o.id = ${invitationId}::uuid and p.researcher_id = ${researcherId}::uuid)
    update invitation i set failed_at = null,
      ended_at = case when is_over then now() else i.ended_at end,
      ended = case when is_over then 'allowed' else i.ended end
    from answered where i.id = answered.id`
}

/** An attempt that a personal link began ended without a grant: they refused at ORCID, or something failed. */
export async function endInvitedAttempt(tx: Tx, invitationId: string, isRefusal: boolean): Promise<void> {
  if (!isRefusal) return noteFailures(tx, [invitationId])
  const invitation = await tx.invitation.findUnique({ where: { id: invitationId }, select: { personId: true } })
  if (!invitation) return
  await doNotAsk(tx, invitation.personId, 'refused')
  // Somebody who refuses twice is one person.
  await tx.$executeRaw`
    update campaign c set refusals = refusals + 1 from invitation i
    where i.id = ${invitationId}::uuid and c.id = i.campaign_id
      and (select count(*) from authorization_attempt a where a.invitation_id = i.id and a.outcome = 'denied') = 1`
}

/** Something failed on the way to ORCID or back. */
export async function noteFailures(tx: Tx, invitationIds: readonly string[]): Promise<void> {
  await tx.invitation.updateMany({
    // Also after a refusal, as it would be without one.
    where: { id: { in: [...invitationIds] }, OR: [{ endedAt: null }, { ended: 'declined' }] },
    data: { failedAt: new Date() },
  })
}
