import 'server-only'
import type { StaffActor } from '@/lib/actor'
import { readReference } from '@/lib/crypto/secrets'
import { db, type Prisma } from '@/lib/db'

const person = { select: { id: true, orcid: true, name: true, registry: true, liveScopes: true, finding: true } }

const told = {
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

export type ReferencedAttempt = Prisma.AuthorizationAttemptGetPayload<{ select: typeof told }>

/**
 * The attempt whose reference somebody typed, in whatever form (`readReference`), or null where no attempt has it and where it
 * cannot be one. `researcher` is who came back, `startedBy` who was signed in at its beginning; `revocations` are of a
 * token that was issued and not recorded.
 */
export function findAttemptByReference(_actor: StaffActor, text: string): Promise<ReferencedAttempt | null> {
  const reference = readReference(text)
  if (!reference) return Promise.resolve(null)
  return db().authorizationAttempt.findUnique({ where: { reference }, select: told })
}
