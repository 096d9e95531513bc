import 'server-only'
import { z } from 'zod'
import type { ApiActor } from '@/lib/actor'
import { openCursor, sealCursor } from '@/lib/api/cursor'
import type { delegationSchema, newDelegationSchema, releaseSchema } from '@/lib/api/delegation-schema'
import { ApiProblem, type ProblemCode } from '@/lib/api/problem'
import { env } from '@/lib/config/env'
import { listSystemReleases, type Released } from '@/lib/delegations/queries'
import { type ReleaseFault, releaseIdToken } from '@/lib/delegations/release'
import { orcidEndpoints } from '@/lib/orcid/client'
import { orcidUri } from '@/lib/orcid/id'
import { exchangeByReceiver } from '@/lib/orcid/token-exchange'

type Delegation = z.infer<typeof delegationSchema>

const toDelegation = ({ id, personId, orcid, receiver, scopes, at }: Omit<Released, 'endedAt'>): Delegation => ({
  id,
  person_id: personId,
  orcid: orcidUri(orcid, env().orcid.registry),
  receiver,
  scopes,
  released_at: at.toISOString(),
})

const pageCursor = z.object({ id: z.uuid() })

export async function readDelegations(
  actor: ApiActor,
  { personId, cursor, limit }: { personId?: string; cursor?: string; limit: number },
) {
  const after = cursor ? await openCursor(actor.systemId, 'delegations', pageCursor, cursor) : null
  const rows = await listSystemReleases(actor, { personId, afterId: after?.id, limit })
  const last = rows.length === limit ? rows.at(-1) : undefined
  return {
    items: rows.map((row) => ({ ...toDelegation(row), ended_at: row.endedAt?.toISOString() ?? null })),
    next_cursor: last ? await sealCursor(actor.systemId, 'delegations', { id: last.id }) : null,
  }
}

const awayForS = 60

const problemOf: Record<ReleaseFault, ProblemCode> = {
  not_found: 'not_found',
  not_permitted: 'not_permitted',
  allows_more: 'allows_more',
  already_released: 'already_released',
  key_reused: 'idempotency_key_reused',
  unavailable_here: 'delegation_unavailable',
  refused: 'refused_by_orcid',
  unanswered: 'orcid_unavailable',
}

/** @throws ApiProblem */
export async function postDelegation(
  actor: ApiActor,
  { key, requestId }: { key: string; requestId: string },
  body: z.infer<typeof newDelegationSchema>,
): Promise<z.infer<typeof releaseSchema>> {
  const { person_id: personId, orcid } = body
  const release = await releaseIdToken(actor, { personId, orcid, key, requestId })
  if ('fault' in release) {
    const headers = release.fault === 'unanswered' ? { 'Retry-After': String(awayForS) } : undefined
    throw new ApiProblem(problemOf[release.fault], { headers })
  }
  return {
    ...toDelegation(release),
    id_token: release.idToken,
    expires_at: release.expiresAt.toISOString(),
    exchange: { token_endpoint: orcidEndpoints(env().orcid.issuer).token, ...exchangeByReceiver },
  }
}
