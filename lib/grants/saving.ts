import 'server-only'
import { randomBytes, randomUUID } from 'node:crypto'
import { system } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { env } from '@/lib/config/env'
import { canonicalHash } from '@/lib/crypto/canonical'
import type { Prisma, Tx } from '@/lib/db'
import { endGrants, grantAad, grantFacts, isKept, refreshResearcher } from '@/lib/grants/commands'
import { carryOverFirstGrantedAt, supersedes } from '@/lib/grants/grant'
import { destroyKeptTokens } from '@/lib/grants/kept-tokens'
import type { ReceiptFacts } from '@/lib/grants/receipt'
import { keyRing, tokenHash } from '@/lib/installation/commands'
import { orcidUri } from '@/lib/orcid/id'
import type { TokenResponse } from '@/lib/orcid/oauth'
import { releaseHeldItems } from '@/lib/people/items'

type SealedGrant = Awaited<ReturnType<typeof sealGrant>>

/** Seals a token response; the caller saves it. */
export async function sealGrant(attempt: { id: string; clientId: string }, tokens: TokenResponse) {
  const id = randomUUID()
  const { scopes, name, accessToken, refreshToken, raw } = tokens
  const grantedAt = new Date()
  const seal = (text: string, column: string) => keyRing().seal(text, grantAad(id, column))
  return {
    id,
    attemptId: attempt.id,
    registry: env().orcid.registry,
    clientId: attempt.clientId,
    scopes,
    nameGiven: name,
    sealedAccessToken: seal(accessToken, 'sealed_access_token'),
    sealedRefreshToken: refreshToken && seal(refreshToken, 'sealed_refresh_token'),
    sealedResponse: seal(JSON.stringify(raw), 'sealed_response'),
    accessTokenHash: await tokenHash(accessToken),
    grantedAt,
    expiresAt: new Date(grantedAt.getTime() + tokens.expiresInS * 1_000),
  } satisfies Omit<Prisma.GrantUncheckedCreateInput, 'researcherId'>
}

/** What a receipt says of the visit to ORCID. */
type GrantVisit = Pick<ReceiptFacts, 'reference' | 'purpose' | 'campaign' | 'asked' | 'shownText'>

/** Also ends the grants it covers, and lets the items go that waited for it. The transaction must lock the researcher first. Returns the scopes live before. */
export async function saveGrant(
  tx: Tx,
  researcher: { id: string; orcid: string },
  grant: SealedGrant,
  visit: GrantVisit,
  requestId: string,
): Promise<string[]> {
  const { id: grantId, attemptId, scopes } = grant
  const { id: researcherId } = researcher
  const earlier = await tx.grant.findMany({
    where: { researcherId, OR: [{ state: 'live' }, isKept] },
    select: grantFacts,
  })
  const live = earlier.filter(({ state }) => state === 'live')
  const kept = earlier.filter(({ state }) => state !== 'live')
  await destroyKeptTokens(tx, system, researcherId, kept, scopes)
  // Ended grants refer to the new one, so it is inserted first.
  const firstGrantedAt = carryOverFirstGrantedAt(scopes, grant.grantedAt, live)
  const receipt = describeReceipt(researcher.orcid, grant, visit)
  await tx.grant.create({ data: { ...grant, researcherId, firstGrantedAt, receipt }, select: { id: true } })
  const detail = { scopes, receipt: canonicalHash(receipt) }
  await recordEvent(tx, system, { action: 'grant.saved', researcherId, attemptId, grantId, requestId, detail })
  const covered = live.filter((each) => supersedes(scopes, each.scopes))
  await endGrants(tx, system, researcherId, covered, { state: 'superseded', supersededById: grantId })
  await refreshResearcher(tx, researcherId)
  await releaseHeldItems(tx, researcherId, scopes)
  return live.flatMap((each) => each.scopes)
}

/** The facts as they are now: the name of the institution changes too. */
function describeReceipt(orcid: string, grant: SealedGrant, visit: GrantVisit): ReceiptFacts {
  const { institution, origin } = env()
  return {
    ...visit,
    grant: grant.id,
    institution: { name: institution.name, email: institution.supportEmail, portal: origin },
    researcher: { id: orcidUri(orcid, grant.registry), name: grant.nameGiven },
    granted: grant.scopes,
    grantedAt: grant.grantedAt.toISOString(),
    validUntil: grant.expiresAt.toISOString(),
    registry: grant.registry,
    clientId: grant.clientId,
    salt: randomBytes(16).toString('hex'),
  }
}
