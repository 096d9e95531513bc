import 'server-only'
import type { StaffActor } from '@/lib/actor'
import { isAsked } from '@/lib/attempts/attempt'
import type { AttemptOutcome } from '@/lib/attempts/outcome'
import { readReference } from '@/lib/crypto/secrets'
import { db, type Prisma } from '@/lib/db'
import { isLimited, seenBy } from '@/lib/list/visible'

const person = { select: { id: true, orcid: true, name: true, registry: true, liveScopes: true, finding: true } }

const fields = {
  id: true,
  reference: true,
  purpose: true,
  state: true,
  outcome: true,
  scopesAsked: true,
  startedAt: true,
  expiresAt: true,
  claimedAt: true,
  endedAt: true,
  researcher: person,
  startedBy: person,
  staffInvitationId: true,
  grant: { select: { scopes: true, state: true, expiresAt: true } },
  revocations: { orderBy: { requestedAt: 'asc' }, select: { requestedAt: true, confirmedAt: true } },
} satisfies Prisma.AuthorizationAttemptSelect

export type ReferencedAttempt = Prisma.AuthorizationAttemptGetPayload<{ select: typeof fields }>

/**
 * Finds an attempt by a typed reference in any form (`readReference`). `researcher` came back, `startedBy` was signed
 * in at the start. `revocations` belong to a token that was issued but not recorded. Of confidential people, for
 * administrators only. Limited people find what went well for the people whom they see.
 */
export async function findAttemptByReference(actor: StaffActor, text: string): Promise<ReferencedAttempt | null> {
  const reference = readReference(text)
  if (!reference) return null
  const select = { ...fields, campaignId: true, invitationId: true }
  const found = await db().authorizationAttempt.findUnique({ where: { reference, ...findable(actor) }, select })
  if (!found) return null
  const { campaignId, invitationId, ...attempt } = found
  // Whoever quotes a reference may tell that they refused. It does not say who they are.
  return attempt.outcome === 'denied' && isAsked({ campaignId, invitationId })
    ? { ...attempt, startedBy: null }
    : attempt
}

const wentWell = ['connected', 'updated', 'already_connected', 'signed_in'] as const satisfies AttemptOutcome[]

type Findable = Pick<Prisma.AuthorizationAttemptWhereInput, 'NOT' | 'OR' | 'outcome' | 'researcher'>

function findable(actor: StaffActor): Findable {
  if (actor.role === 'admin') return {}
  if (isLimited(actor)) {
    const person = { person: seenBy(actor) }
    return { outcome: { in: wentWell }, researcher: person, OR: [{ startedById: null }, { startedBy: person }] }
  }
  const hidden = { person: { confidential: true } }
  return { NOT: { OR: [{ researcher: hidden }, { startedBy: hidden }] } }
}
