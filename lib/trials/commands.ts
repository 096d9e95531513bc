import 'server-only'
import { randomUUID } from 'node:crypto'
import { type Actor, type StaffActor, system } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { env } from '@/lib/config/env'
import { hashSecret, makeSecret } from '@/lib/crypto/secrets'
import { db, inTransaction, type Tx } from '@/lib/db'
import { requestRevocation } from '@/lib/grants/revoking'
import { keyRing, proveSealing } from '@/lib/installation/commands'
import { refuseWhileNotWriting } from '@/lib/installation/queries'
import { log } from '@/lib/log'
import { orcidEndpoints } from '@/lib/orcid/client'
import { trialAad } from '@/lib/trials/queries'
import { trialLifetimeS } from '@/lib/trials/trial'

/** Never at production, where a trial's token would open a real record. */
export const isTrialAllowed = () => env().orcid.registry !== 'production'

export type NewTrial = { scopes: string[]; redirectUri: string; locale: string; requestId: string }

/** Creates a trial with its own authorization URL, `state` and `nonce`; returns its id. */
export async function startTrial(
  actor: StaffActor,
  { scopes, redirectUri, locale, requestId }: NewTrial,
): Promise<string> {
  await proveSealing()
  await refuseWhileNotWriting()
  const { registry, clientId, issuer } = env().orcid
  const [id, attemptId, state, nonce] = [randomUUID(), randomUUID(), makeSecret(), makeSecret()]
  const url = new URL(orcidEndpoints(issuer).authorize)
  url.search = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    scope: scopes.join(' '),
    redirect_uri: redirectUri,
    state,
    nonce,
  }).toString()
  const expiresAt = new Date(Date.now() + trialLifetimeS * 1_000)
  await inTransaction(async (tx) => {
    await tx.authorizationAttempt.create({
      data: {
        id: attemptId,
        reference: requestId,
        purpose: 'trial',
        scopesAsked: scopes,
        registry,
        clientId,
        redirectUri,
        locale,
        // Not stored in a cookie: a trial belongs to a staff member, not to a browser.
        secretHash: hashSecret(makeSecret()),
        stateHash: hashSecret(state),
        expiresAt,
      },
    })
    const sealedUrl = keyRing().seal(url.href, trialAad(id, 'sealed_url'))
    await tx.trial.create({
      data: { id, staffId: actor.staffId, attemptId, clientId, sealedUrl, scopes: [], expiresAt },
    })
    await recordEvent(tx, actor, { action: 'trial.started', attemptId, requestId, detail: { scopes } })
  })
  return id
}

/**
 * Ends the actor's own trial: enqueues the token's revocation and deletes code and URL. Returns the token, so that the
 * page can also show its revocation; null without a token.
 */
export function endTrial(actor: StaffActor, id: string): Promise<EndedToken | null> {
  return inTransaction((tx) => endIn(tx, actor, { id, staffId: actor.staffId }))
}

/** One failure does not stop the rest. */
export async function endOverdueTrials(): Promise<void> {
  const overdue = await db().trial.findMany({
    where: { endedAt: null, expiresAt: { lte: new Date() } },
    orderBy: { expiresAt: 'asc' },
    take: overduePerRunMax,
    select: { id: true },
  })
  for (const { id } of overdue) {
    await inTransaction((tx) => endIn(tx, system, { id })).catch((error) =>
      log().error({ trial: id, err: error }, 'failed to end a trial'),
    )
  }
}

const overduePerRunMax = 100

/** Ends and deletes the trials with the iD of a researcher who is being erased. */
export async function eraseTrials(tx: Tx, actor: Actor, orcid: string): Promise<void> {
  for (const { id } of await tx.trial.findMany({ where: { orcid }, select: { id: true } }))
    await endIn(tx, actor, { id })
  await tx.trial.deleteMany({ where: { orcid } })
}

type EndedToken = { token: string; clientId: string }

async function endIn(tx: Tx, actor: Actor, which: { id: string; staffId?: string }): Promise<EndedToken | null> {
  const { count } = await tx.trial.updateMany({ where: { ...which, endedAt: null }, data: { endedAt: new Date() } })
  if (count === 0) return null
  const { id } = which
  const { attemptId, clientId, sealedAccessToken } = await tx.trial.findUniqueOrThrow({
    where: { id },
    select: { attemptId: true, clientId: true, sealedAccessToken: true },
  })
  const token = sealedAccessToken && keyRing().open(sealedAccessToken, trialAad(id, 'sealed_access_token'))
  if (token) await requestRevocation(tx, actor, { token, clientId, reason: 'trial', attemptId: attemptId ?? undefined })
  await tx.trial.update({ where: { id }, data: { sealedUrl: null, sealedCode: null, sealedAccessToken: null } })
  if (attemptId) {
    await tx.authorizationAttempt.updateMany({
      where: { id: attemptId, state: 'started' },
      data: { state: 'ended', outcome: 'expired', endedAt: new Date() },
    })
  }
  await recordEvent(tx, actor, { action: 'trial.ended', attemptId })
  return token ? { token, clientId } : null
}
