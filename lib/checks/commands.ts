import 'server-only'
import type { Actor, ResearcherActor, StaffActor } from '@/lib/actor'
import { writeScopes } from '@/lib/affiliations/affiliation'
import { enqueueDriftCheck } from '@/lib/affiliations/drift'
import { hasItemsOnRecord } from '@/lib/affiliations/queries'
import { recordEvent } from '@/lib/audit/commands'
import { callOrcid } from '@/lib/calls/commands'
import { callOrcidPublicly } from '@/lib/calls/public-token'
import { freshForMs, type Judgement, judgeAnswer, judgeRefusal, nextCheckAt, nextTryAt } from '@/lib/checks/check'
import { type CheckReason, db, inTransaction, type Tx } from '@/lib/db'
import { env } from '@/lib/env'
import { endGrant, forgetKeptTokens, noteFinding } from '@/lib/grants/ending'
import type { Finding } from '@/lib/grants/grant'
import { findGrantToken } from '@/lib/grants/queries'
import { enqueueJob } from '@/lib/jobs/queue'
import { coversScopes } from '@/lib/orcid/scopes'

/**
 * Asks ORCID whether a grant still works, and writes down the answer: what was found, its place in the history and,
 * where ORCID has ended it, the end. Null when the grant is live no more. Repeatable, also by two at once.
 */
export async function checkGrant(actor: Actor, grantId: string, reason: CheckReason): Promise<Finding | null> {
  const grant = await findGrantToken(actor, grantId)
  if (!grant) return null
  const judgement = await askOrcid(actor, grant)
  await inTransaction((tx) => record(tx, actor, grantId, judgement, reason))
  return judgement.finding
}

type Asked = { researcherId: string; orcid: string; token: string }

/** A record's personal details are small, and every token of a person covers reading them (decision 026). */
async function askOrcid(actor: Actor, { researcherId, orcid, token }: Asked): Promise<Judgement> {
  const path = `/${orcid}/personal-details`
  const answer = await callOrcid(actor, { method: 'GET', path, token, researcherId, purpose: 'check' })
  return judgeAnswer(answer) ?? judgeRefusal(await callOrcidPublicly(actor, { path, researcherId }))
}

async function record(tx: Tx, actor: Actor, grantId: string, judgement: Judgement, reason: CheckReason): Promise<void> {
  const { finding } = judgement
  switch (finding) {
    case 'withdrawn_at_orcid': {
      const keepsAccessToken = await mayStillDelete(tx, grantId)
      if (!(await endGrant(tx, actor, grantId, { state: finding, keepsAccessToken }))) return
      break
    }
    case 'record_deprecated':
      if (!(await endGrant(tx, actor, grantId, { state: finding, primaryOrcid: judgement.primaryOrcid }))) return
      break
    case 'record_deactivated':
      if (!(await endGrant(tx, actor, grantId, { state: finding }))) return
      break
    default:
      if (!(await note(tx, actor, grantId, finding))) return
  }
  await tx.grantCheck.create({ data: { grantId, finding, reason } })
}

/** Whether a token that its owner has withdrawn is still good for something: deleting what was written with it. */
async function mayStillDelete(tx: Tx, grantId: string): Promise<boolean> {
  const grant = await tx.grant.findUnique({ where: { id: grantId }, select: { researcherId: true, scopes: true } })
  return grant !== null && coversScopes(grant.scopes, writeScopes) && hasItemsOnRecord(tx, grant.researcherId)
}

/** Destroys the tokens that were kept to delete what we wrote, where nothing of it is left. */
export async function forgetIdleTokens(): Promise<void> {
  const kept = await db().grant.findMany({
    where: { state: 'withdrawn_at_orcid', sealedAccessToken: { not: null } },
    distinct: ['researcherId'],
    select: { researcherId: true },
  })
  for (const { researcherId } of kept) {
    await inTransaction(async (tx) => {
      if (!(await hasItemsOnRecord(tx, researcherId))) await forgetKeptTokens(tx, researcherId)
    })
  }
}

type Lasting = Exclude<Finding, 'withdrawn_at_orcid' | 'record_deprecated' | 'record_deactivated'>

/** Writes down a finding about a grant that goes on. False where there is nothing for the history: one more silence. */
async function note(tx: Tx, actor: Actor, grantId: string, finding: Lasting): Promise<boolean> {
  const now = new Date()
  if (finding === 'unanswered') {
    const since = await tx.grant.findUnique({ where: { id: grantId }, select: { unansweredSince: true } })
    const again = nextTryAt(since?.unansweredSince ?? null, now)
    const before = await noteFinding(tx, grantId, { finding, nextCheckAt: again })
    return before !== null && before.unansweredSince === null
  }
  const next = nextCheckAt(grantId, env().checkEveryMs, now)
  const before = await noteFinding(tx, grantId, { finding, nextCheckAt: next })
  if (!before) return false
  if (finding === 'good') await enqueueDriftCheck(tx, before.researcherId)
  const action = before.finding === finding ? 'check.confirmed' : 'check.found'
  await recordEvent(tx, actor, { action, researcherId: before.researcherId, grantId, detail: { finding } })
  return true
}

/**
 * Has the live grants of a person whose page is opened checked soon, where the last answer is over a day old. Asks
 * nothing of ORCID itself, so that no page waits for it.
 */
export async function requestChecks(_actor: ResearcherActor | StaffActor, researcherId: string): Promise<void> {
  const now = Date.now()
  const before = new Date(now - freshForMs)
  const stale = await db().grant.findMany({
    where: {
      researcherId,
      state: 'live',
      sealedAccessToken: { not: null },
      grantedAt: { lt: before },
      OR: [{ lastCheckedAt: null }, { lastCheckedAt: { lt: before } }],
      // What was asked in vain a moment ago waits for its turn.
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

/** Checks every live grant of one researcher now, because staff ask. That they asked is written down first. */
export async function checkNow(actor: StaffActor, researcherId: string, requestId?: string): Promise<void> {
  const grants = await inTransaction(async (tx) => {
    await recordEvent(tx, actor, { action: 'check.asked', researcherId, requestId })
    return tx.grant.findMany({
      where: { researcherId, state: 'live', sealedAccessToken: { not: null } },
      select: { id: true },
    })
  })
  await Promise.all(grants.map(({ id }) => checkGrant(actor, id, 'staff')))
}

/** Deletes what was found about the grants of a researcher who is being erased. */
export async function eraseChecks(tx: Tx, researcherId: string): Promise<void> {
  await tx.grantCheck.deleteMany({ where: { grant: { researcherId } } })
}
