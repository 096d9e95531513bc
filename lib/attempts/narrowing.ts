import 'server-only'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Actor, type ResearcherActor, system } from '@/lib/actor'
import { type AttemptOutcome, callbackTimes, type NarrowingResult, recoveryAfterS } from '@/lib/attempts/attempt'
import { codePlace, endAttempt, recordEnd } from '@/lib/attempts/commands'
import type { LostExchange } from '@/lib/attempts/recovery'
import { TakenOver } from '@/lib/attempts/saving'
import { recordEvent } from '@/lib/audit/commands'
import { askForTokens } from '@/lib/calls/public-token'
import { db, inTransaction, isDatabaseAway, type Tx } from '@/lib/db'
import { env } from '@/lib/env'
import { exceeds } from '@/lib/grants/grant'
import { endWiderGrants, isLive, type NarrowingPlan, planNarrowing } from '@/lib/grants/narrowing'
import { saveGrant } from '@/lib/grants/saving'
import { findClient } from '@/lib/installation/client'
import { keyRing } from '@/lib/installation/commands'
import { enqueueJob } from '@/lib/jobs/queue'
import { log } from '@/lib/log'
import { refreshTokens, type TokenResponse } from '@/lib/orcid/oauth'
import { findLockedResearcher, lockResearcher } from '@/lib/researchers/commands'
import { requestRevocation, revokeNow } from '@/lib/revocations/commands'
import { hashSecret, makeSecret } from '@/lib/secrets'

type Source = Extract<NarrowingPlan, { kind: 'refresh' }>
type Narrowing = Pick<LostExchange, 'id' | 'reference' | 'clientId'> & { grantId: string | null; keep: string[] }
type Request = { requestId: string; locale: string }

/**
 * Has the researcher who asks permit no more than `keep`, which is a part of what they permit, without a trip to ORCID
 * where that can be. What they permit now stays untouched until the narrower grant is saved, and then ends in the same
 * transaction; a job has ORCID disable it. docs/decisions/028 tells what happens when any step is lost.
 */
export async function narrowMyGrants(
  actor: ResearcherActor,
  keep: readonly string[],
  request: Request,
): Promise<NarrowingResult> {
  const reference = request.requestId
  const begun = await inTransaction(async (tx) => {
    await lockResearcher(tx, actor.researcherId)
    const plan = await planNarrowing(tx, actor, keep, request.requestId)
    if (plan.kind !== 'refresh') return plan
    if (await isUnderWay(tx, plan.grantId)) return { kind: 'in_progress' as const }
    return { ...plan, narrowing: await startNarrowing(tx, actor, plan, request) }
  })
  if (begun.kind !== 'refresh') return { kind: begun.kind, reference }
  return { kind: await askOrcid(actor, begun.narrowing, begun, request.requestId), reference }
}

async function isUnderWay(tx: Tx, grantId: string): Promise<boolean> {
  const where = { narrowsGrantId: grantId, state: { in: ['exchanging' as const, 'recovering' as const] } }
  return (await tx.authorizationAttempt.count({ where })) > 0
}

/**
 * Writes down what is about to be asked of ORCID, with the only handle on its answer, and the job that comes back to it.
 * An attempt has the digests of a browser's secrets; nobody has those of this one.
 */
async function startNarrowing(tx: Tx, actor: ResearcherActor, source: Source, request: Request): Promise<Narrowing> {
  const { registry, redirectUri } = env().orcid
  const { grantId, clientId, scopes: keep } = source
  const [id, reference] = [randomUUID(), request.requestId]
  await tx.authorizationAttempt.create({
    data: {
      id,
      reference,
      purpose: 'narrow_in_place',
      state: 'exchanging',
      scopesAsked: keep,
      registry,
      clientId,
      redirectUri,
      locale: request.locale,
      startedById: actor.researcherId,
      narrowsGrantId: grantId,
      secretHash: hashSecret(makeSecret()),
      stateHash: hashSecret(makeSecret()),
      sealedCode: keyRing().seal(source.refreshToken, codePlace(id)),
      expiresAt: new Date(Date.now() + recoveryAfterS * 1_000),
    },
  })
  // By the database's clock, as recovery reads it.
  await tx.$executeRaw`update authorization_attempt set claimed_at = now() where id = ${id}::uuid`
  await recordEvent(tx, actor, {
    action: 'grant.narrowing_asked',
    researcherId: actor.researcherId,
    attemptId: id,
    grantId,
    requestId: reference,
    detail: { scopes: keep },
  })
  await enqueueJob(tx, 'recover', { payload: { attemptId: id }, delayS: recoveryAfterS })
  return { id, reference, clientId, grantId, keep }
}

async function askOrcid(
  actor: ResearcherActor,
  narrowing: Narrowing,
  source: Source,
  requestId: string,
): Promise<NarrowingResult['kind']> {
  const client = findClient(narrowing.clientId)
  if (!client) return end(narrowing, 'orcid_refused', 'connect_again')
  const { refreshToken, accessToken, scopes } = source
  const about = { purpose: 'narrow', researcherId: actor.researcherId } as const
  const answer = await askForTokens(actor, about, () => refreshTokens(client, { refreshToken, scopes }))
  log().info({ attempt: narrowing.reference, answer: answer.kind }, 'a narrower token was asked for')
  switch (answer.kind) {
    case 'issued':
      // A server that narrows nothing and gives the same token back has not been of use, and that token must live on.
      if (answer.tokens.accessToken === accessToken) return end(narrowing, 'orcid_refused', 'connect_again')
      return saveNarrower(
        actor,
        narrowing,
        'exchanging',
        { ...answer.tokens, refreshToken: keepOr(answer.tokens, source) },
        requestId,
      )
    case 'refused':
      return end(narrowing, 'orcid_refused', 'connect_again')
    case 'not_sent':
      return end(narrowing, 'orcid_unavailable', 'unavailable')
    case 'unknown':
      if (!answer.accessToken) return 'in_progress'
      await drop(narrowing, 'exchanging', answer.accessToken, 'answer_invalid')
      return 'unavailable'
  }
}

/** Where ORCID gives no new refresh token the older one stays good. */
const keepOr = (tokens: TokenResponse, source: { refreshToken: string }) => tokens.refreshToken ?? source.refreshToken

async function end(
  narrowing: Narrowing,
  outcome: AttemptOutcome,
  kind: 'connect_again' | 'unavailable',
): Promise<NarrowingResult['kind']> {
  await endAttempt(narrowing, ['exchanging'], outcome)
  return kind
}

/**
 * Saves a narrower token and ends what it takes the place of, again and again for 20 seconds where the database is away.
 * A token that is not saved, or that is not narrower after all, is disabled.
 */
async function saveNarrower(
  actor: Actor,
  narrowing: Narrowing,
  from: 'exchanging' | 'recovering',
  tokens: TokenResponse,
  requestId?: string,
): Promise<NarrowingResult['kind']> {
  if (exceeds(tokens.scopes, narrowing.keep)) {
    await drop(narrowing, from, tokens.accessToken, 'answer_invalid')
    return 'connect_again'
  }
  const until = Date.now() + callbackTimes.recordForMs
  for (;;) {
    try {
      await inTransaction((tx) => saveIn(tx, actor, narrowing, from, tokens, requestId))
      return 'narrowed'
    } catch (error) {
      // An earlier COMMIT whose answer was lost has arrived after all.
      if (error instanceof TakenOver && (await isSaved(narrowing, tokens))) return 'narrowed'
      log().error({ attempt: narrowing.reference, err: error }, 'saving a narrower grant failed')
      if (!isDatabaseAway(error) || Date.now() > until) {
        await drop(narrowing, from, tokens.accessToken, 'not_recorded')
        return 'unavailable'
      }
      await sleep(callbackTimes.recordPauseMs)
    }
  }
}

/** @throws TakenOver when the person has withdrawn, was erased, or recovery was quicker */
async function saveIn(
  tx: Tx,
  actor: Actor,
  { id, clientId, grantId, keep }: Narrowing,
  from: 'exchanging' | 'recovering',
  tokens: TokenResponse,
  requestId?: string,
): Promise<void> {
  const [attempt] = await tx.authorizationAttempt.updateManyAndReturn({
    where: { id, state: from },
    data: { state: 'saved', outcome: 'narrowed', endedAt: new Date(), sealedCode: null },
    select: { startedById: true },
  })
  const researcher = attempt?.startedById ? await findLockedResearcher(tx, attempt.startedById) : null
  if (!researcher || researcher.orcid !== tokens.orcid || !grantId || !(await isLive(tx, grantId)))
    throw new TakenOver()
  await tx.authorizationAttempt.update({ where: { id }, data: { researcherId: researcher.id } })
  const savedId = await saveGrant(tx, researcher, { id, clientId, requestId }, tokens)
  await endWiderGrants(tx, actor, researcher.id, keep, { grantId: savedId, attemptId: id, requestId })
  await recordEnd(tx, id, 'narrowed', researcher.id, requestId)
}

async function isSaved({ id }: Narrowing, tokens: TokenResponse): Promise<boolean> {
  const grant = await db().grant.findFirst({
    where: { attemptId: id, scopes: { equals: tokens.scopes }, attempt: { state: 'saved' } },
    select: { id: true },
  })
  return grant !== null
}

/**
 * A token that must not live. Unlike that of a trip it has no code by which recovery could end it, so its revocation is
 * written down whatever has become of the narrowing; where the database cannot, ORCID is asked here and now.
 */
async function drop(
  narrowing: Narrowing,
  from: 'exchanging' | 'recovering',
  token: string,
  reason: 'not_recorded' | 'answer_invalid' | 'recovered',
): Promise<void> {
  const { id: attemptId, clientId } = narrowing
  try {
    if (await endAttempt(narrowing, [from], 'not_saved', { token, reason })) return
    await inTransaction((tx) => requestRevocation(tx, system, { token, clientId, reason, attemptId }))
  } catch (error) {
    const revoked = await revokeNow(clientId, token)
    log().error({ attempt: narrowing.reference, err: error, revoked }, 'a narrower token was revoked without a record')
  }
}

/**
 * Ends a narrowing whose answer was lost, by presenting the refresh token once more. A token that comes of it is the
 * narrower grant that the person asked for, or is revoked where they have withdrawn meanwhile. No, or no answer again:
 * what they permit stays as it is, they are told, and the grant is checked, because the lost answer may have ended it.
 *
 * @returns whether it has ended. It has not where nothing was sent, where ORCID refused our credentials, or while the
 * configuration lacks the client.
 */
export async function recoverNarrowing(lost: LostExchange): Promise<boolean> {
  const client = findClient(lost.clientId)
  if (!client) return false
  const { code: refreshToken, scopesAsked: keep, narrowsGrantId: grantId } = lost
  const narrowing = { ...lost, grantId, keep }
  const about = { purpose: 'narrow', researcherId: lost.startedById } as const
  const answer = await askForTokens(system, about, () => refreshTokens(client, { refreshToken, scopes: keep }))
  log().info({ attempt: lost.reference, answer: answer.kind }, 'a lost narrowing was asked for again')
  if (answer.kind === 'issued') {
    const tokens = { ...answer.tokens, refreshToken: keepOr(answer.tokens, { refreshToken }) }
    await saveNarrower(system, narrowing, 'recovering', tokens)
    return true
  }
  if (answer.kind === 'not_sent' || (answer.kind === 'refused' && answer.status !== 400)) return false
  if (answer.kind === 'unknown' && answer.accessToken) {
    await drop(narrowing, 'recovering', answer.accessToken, 'recovered')
    await checkSource(lost)
  } else await giveUpNarrowing(lost)
  return true
}

/**
 * Ends a narrowing of which ORCID's answer is lost for good. It is not asked for a third time: each request may issue
 * another token that nobody knows.
 */
export async function giveUpNarrowing(lost: Pick<LostExchange, 'id' | 'clientId' | 'narrowsGrantId'>): Promise<void> {
  await endAttempt(lost, ['recovering'], 'answer_lost')
  await checkSource(lost)
}

/** The lost answer may have ended the grant that was to be narrowed. */
async function checkSource({ narrowsGrantId: grantId }: Pick<LostExchange, 'narrowsGrantId'>): Promise<void> {
  if (grantId) await inTransaction((tx) => enqueueJob(tx, 'grant.check', { payload: { grantId } }))
}
