import 'server-only'
import type { Actor, ResearcherActor, StaffActor } from '@/lib/actor'
import { enqueueDriftCheck } from '@/lib/affiliations/drift'
import { recordEvent } from '@/lib/audit/commands'
import { callOrcid } from '@/lib/calls/commands'
import { callOrcidPublicly } from '@/lib/calls/public-token'
import { checkByUserinfo } from '@/lib/calls/userinfo'
import {
  freshForMs,
  type Judgement,
  judgeAnswer,
  judgeControl,
  judgeUserinfo,
  nextCheckAt,
  nextTryAt,
  type RefusalEvidence,
} from '@/lib/checks/check'
import { addRefusal, isConfirmed, nextRefusalCheckAt } from '@/lib/checks/suspicion'
import { env } from '@/lib/config/env'
import { MissingKeyError } from '@/lib/crypto/sealed'
import { type CheckReason, databaseTime, db, inTransaction, type Tx } from '@/lib/db'
import {
  endGrant,
  keptCheckEveryMs,
  type LockedGrant,
  lockGrant,
  reviveGrant,
  saveFinding,
  saveUnanswered,
} from '@/lib/grants/ending'
import type { Finding } from '@/lib/grants/grant'
import { findGrantToken, type GrantToken } from '@/lib/grants/queries'
import { enqueueJob } from '@/lib/jobs/queue'
import type { ApiOutcome } from '@/lib/orcid/api'
import { isDetailsOf } from '@/lib/orcid/record'

/**
 * Checks a grant at ORCID and saves the finding, an audit event, and the grant's end or revival. Returns the finding,
 * or null without a token. No other code may conclude anything from a refused token. Idempotent; concurrent runs are
 * safe.
 */
export async function checkGrant(actor: Actor, grantId: string, reason: CheckReason): Promise<Finding | null> {
  const grant = await findGrantToken(actor, grantId)
  if (!grant) return null
  const judgement = await askOrcid(actor, grant)
  return inTransaction(async (tx) => {
    const locked = await lockGrant(tx, grantId)
    if (!locked) return null
    return locked.isLive
      ? record(tx, actor, locked, judgement, reason)
      : recordKept(tx, actor, locked, judgement, reason)
  })
}

/** Reads the personal details: they are small, and every token covers them (decision 013). */
async function askOrcid(actor: Actor, grant: GrantToken): Promise<Judgement> {
  const { researcherId, orcid, clientId, token } = grant
  const path = `/${orcid}/personal-details`
  const verifyBody = (answer: ApiOutcome) =>
    answer.kind === 'ok' && !isDetailsOf(answer.body, orcid) ? foreign : answer
  const answer = verifyBody(await callOrcid(actor, { method: 'GET', path, token, researcherId, purpose: 'check' }))
  const judgement = judgeAnswer(answer)
  if (judgement) return judgement
  const control = verifyBody(await callOrcidPublicly(actor, { path, researcherId }, clientId))
  const controlJudgement = judgeControl(control)
  if (controlJudgement) return controlJudgement
  const userinfo = grant.scopes.includes('openid') ? await checkByUserinfo(actor, grant, token) : null
  const witnesses = { control: control.kind, userinfo: userinfo?.kind ?? null }
  return judgeUserinfo(userinfo, orcid, control) ?? { finding: 'refused', witnesses }
}

/** A body without personal details did not come from ORCID. */
const foreign = { kind: 'unavailable', reason: 'foreign', mayHaveArrived: true } as const

async function record(
  tx: Tx,
  actor: Actor,
  grant: LockedGrant,
  judgement: Judgement,
  reason: CheckReason,
): Promise<Finding> {
  const { finding, isNews } = await applyJudgement(tx, actor, grant, judgement)
  if (isNews) await tx.grantCheck.create({ data: { grantId: grant.id, finding, reason } })
  return finding
}

/** `isNews` is false for a repeated lack of an answer. */
async function applyJudgement(
  tx: Tx,
  actor: Actor,
  grant: LockedGrant,
  judgement: Judgement,
): Promise<{ finding: Finding; isNews: boolean }> {
  const now = await databaseTime(tx)
  switch (judgement.finding) {
    case 'unanswered':
      await saveUnanswered(tx, grant, nextTryAt(grant.unansweredSince, now))
      return { finding: 'unanswered', isNews: grant.unansweredSince === null }
    case 'refused':
      return { finding: await addSuspicion(tx, actor, grant, judgement.witnesses, now), isNews: true }
    case 'record_deprecated':
      await endGrant(tx, actor, grant, { state: judgement.finding, primaryOrcid: judgement.primaryOrcid })
      return { finding: judgement.finding, isNews: true }
    case 'record_deactivated':
      await endGrant(tx, actor, grant, { state: judgement.finding })
      return { finding: judgement.finding, isNews: true }
    default:
      await note(tx, actor, grant, judgement.finding, nextCheckAt(grant.id, env().checkEveryMs, now))
      return { finding: judgement.finding, isNews: true }
  }
}

/** Counts a refusal, and ends the grant once `isConfirmed`. */
async function addSuspicion(
  tx: Tx,
  actor: Actor,
  grant: LockedGrant,
  witnesses: RefusalEvidence,
  now: Date,
): Promise<'being_checked' | 'withdrawn_at_orcid'> {
  const { id: grantId } = grant
  const confirmMs = env().confirmWithdrawalMs
  const before = await tx.suspicion.findUnique({ where: { grantId } })
  const suspicion = addRefusal(before, confirmMs, now)
  if (isConfirmed(suspicion, confirmMs)) {
    await endGrant(tx, actor, grant, { state: 'withdrawn_at_orcid' })
    return 'withdrawn_at_orcid'
  }
  const { since, lastAskedAt, refusals } = suspicion
  const answers = { controlSaid: witnesses.control, userinfoSaid: witnesses.userinfo }
  const data = { since, lastAskedAt, refusals, ...answers }
  await tx.suspicion.upsert({ where: { grantId }, create: { grantId, ...data }, update: data })
  await note(tx, actor, grant, 'being_checked', nextRefusalCheckAt(suspicion, confirmMs, now))
  return 'being_checked'
}

async function note(tx: Tx, actor: Actor, grant: LockedGrant, finding: Finding, nextCheckAt: Date): Promise<void> {
  const { id: grantId, researcherId } = grant
  await saveFinding(tx, grant, { finding, nextCheckAt })
  if (finding === 'good') await enqueueDriftCheck(tx, researcherId)
  const action = grant.finding === finding ? 'check.confirmed' : 'check.found'
  await recordEvent(tx, actor, { action, researcherId, grantId, detail: { finding } })
}

/** A good answer revives a grant that ORCID ended. Any other leaves it for tomorrow. */
async function recordKept(
  tx: Tx,
  actor: Actor,
  grant: LockedGrant,
  { finding }: Judgement,
  reason: CheckReason,
): Promise<Finding | null> {
  const now = await databaseTime(tx)
  if (finding !== 'good') {
    await tx.grant.update({
      where: { id: grant.id },
      data: { nextCheckAt: new Date(now.getTime() + keptCheckEveryMs) },
    })
    return grant.finding
  }
  await reviveGrant(tx, actor, grant, nextCheckAt(grant.id, env().checkEveryMs, now))
  await enqueueDriftCheck(tx, grant.researcherId)
  await tx.grantCheck.create({ data: { grantId: grant.id, finding, reason } })
  return finding
}

/** Enqueues checks of live grants whose last answer is over a day old, so that no page waits for ORCID. */
export async function requestChecks(_actor: ResearcherActor | StaffActor, researcherId: string): Promise<void> {
  const now = Date.now()
  const before = new Date(now - freshForMs)
  const stale = await db().grant.findMany({
    where: {
      researcherId,
      state: 'live',
      sealedAccessToken: { not: null },
      researcher: { NOT: { person: { state: 'paused' } } },
      grantedAt: { lt: before },
      OR: [{ lastCheckedAt: null }, { lastCheckedAt: { lt: before } }],
      // A recent check without an answer keeps its backoff.
      NOT: { unansweredSince: { not: null }, nextCheckAt: { gt: new Date(now) } },
    },
    select: { id: true },
  })
  if (stale.length === 0) return
  await inTransaction(async (tx) => {
    for (const { id } of stale) {
      await enqueueJob(tx, 'grant.check', { payload: { grantId: id, reason: 'page' }, key: `grant.check:${id}` })
    }
  })
}

/**
 * Checks all live grants of a researcher for a staff member, after an audit event of the request. Returns false if no
 * grant has a token that opens.
 */
export async function checkNow(actor: StaffActor, researcherId: string, requestId?: string): Promise<boolean> {
  const grants = await inTransaction(async (tx) => {
    await recordEvent(tx, actor, { action: 'check.asked', researcherId, requestId })
    return tx.grant.findMany({
      where: { researcherId, state: 'live', sealedAccessToken: { not: null } },
      select: { id: true },
    })
  })
  const withoutKey = (error: unknown) => {
    if (error instanceof MissingKeyError) return null
    throw error
  }
  const findings = await Promise.all(grants.map(({ id }) => checkGrant(actor, id, 'staff').catch(withoutKey)))
  return findings.some((finding) => finding !== null)
}

/** Deletes the checks of a researcher who is being erased. */
export async function eraseChecks(tx: Tx, researcherId: string): Promise<void> {
  await tx.grantCheck.deleteMany({ where: { grant: { researcherId } } })
}
