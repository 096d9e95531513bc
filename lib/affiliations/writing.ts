import 'server-only'
import { system } from '@/lib/actor'
import { nextStep, sectionOf, writeBackoff } from '@/lib/affiliations/affiliation'
import { isSame, parseItems, type RecordItem, toBody } from '@/lib/affiliations/body'
import {
  type Claim,
  type ClaimedItem,
  claimItem,
  isStillWanted,
  releaseClaim,
  renewClaim,
} from '@/lib/affiliations/claim'
import { mayWrite } from '@/lib/affiliations/confirmation'
import { findOrganisation } from '@/lib/affiliations/organisation'
import { recordEvent } from '@/lib/audit/commands'
import { callOrcid } from '@/lib/calls/commands'
import { env } from '@/lib/config/env'
import { SealError } from '@/lib/crypto/sealed'
import { inTransaction, isDatabaseUnavailable, type Prisma, type Tx } from '@/lib/db'
import type { Finding } from '@/lib/grants/grant'
import { findLiveToken, findRemovalToken, listWithoutToken } from '@/lib/grants/queries'
import { enqueueCheckAfterRefusal } from '@/lib/grants/refusal'
import { log } from '@/lib/log'
import type { ApiMethod, ApiOutcome } from '@/lib/orcid/api'
import { writeScopes } from '@/lib/orcid/scopes'
import { releaseHeldItems } from '@/lib/people/items'
import { backoffMs } from '@/lib/rate-limit/backoff'
import { findLockedResearcher } from '@/lib/researchers/commands'

const events = {
  written: { action: 'affiliation.written' },
  held: { action: 'affiliation.held' },
  refused: { action: 'affiliation.refused' },
  deleted: { action: 'affiliation.deleted' },
  alreadyThere: { action: 'affiliation.already_there' },
  deletedByPerson: { action: 'affiliation.deleted_by_person' },
} as const

type Event = (typeof events)[keyof typeof events]
type Change = Prisma.AffiliationUpdateInput
type Token = { grantId: string; token: string }

/** More than any item needs: find, post, put, delete. */
const stepsMax = 5

/** Delay for items that wait for people. */
const laterMs = 3_600_000

/**
 * Does the remaining work for one item at ORCID, unless another worker has claimed it. Safe to repeat, to run
 * concurrently and to kill: it records each POST before sending, and after a lost answer it first looks for the item.
 */
export async function writeAffiliation(id: string): Promise<void> {
  let claim = await claimItem(id)
  try {
    for (let steps = 0; claim && steps < stepsMax; steps++) claim = await takeStep(claim)
  } catch (error) {
    if (!claim || isDatabaseUnavailable(error)) throw error
    log().error({ affiliation: id, err: error }, 'failed to write an affiliation')
    await postpone(claim, error instanceof SealError ? 'token_unreadable' : 'failed')
  }
}

/** Releases an item after a failure of ours and retries it with backoff. */
function postpone(claim: Claim, reason: 'token_unreadable' | 'failed'): Promise<void> {
  return releaseClaim(claim, async (_tx, { tries }) => ({
    reason,
    tries: tries + 1,
    ...at(backoffMs(tries + 1, writeBackoff)),
  }))
}

/** Takes one step; returns the claim if another step may follow, else null. */
async function takeStep(claim: Claim): Promise<Claim | null> {
  const { item } = claim
  // They were bound to somebody while this worker had the item.
  if (item.state === 'to_be_confirmed') return end(claim, {})
  const step = nextStep(item)
  if (step === 'none') return end(claim, { state: 'in_orcid' })
  if (step === 'forget') return end(claim, gone, events.deleted)
  if (item.removal === null && !(await mayWrite())) return end(claim, { ...at(laterMs), state: openStateOf(item) })
  if (!(await isStillWanted(claim))) return end(claim, {})
  const found = await findToken(item, step)
  return found ? { find, post, put, delete: remove }[step](claim, found) : hold(claim)
}

/** Releases an item without a usable token, in the state that says why there is none. */
async function hold(claim: Claim): Promise<null> {
  const { item } = claim
  const { state: researcherState, finding } = item.researcher
  const isLost = (await listWithoutToken(system, [item.researcherId], writeScopes)).size > 0
  // The permission must not be used during its check.
  if (finding === 'being_checked' && !isLost) return end(claim, { state: 'waiting_for_orcid', ...at(laterMs) })
  const state = isLost ? 'no_token' : researcherState === 'withdrawn' ? 'person_withdrew' : 'no_permission'
  const reason = (finding && whyEnded[finding]) ?? null
  await end(claim, { state, reason, ...at(laterMs) }, item.state === state ? undefined : events.held)
  await inTransaction((tx) => releaseIfPermitted(tx, item.researcherId))
  return null
}

/** A permission that was saved while the item was being held did not find it waiting. */
async function releaseIfPermitted(tx: Tx, researcherId: string): Promise<void> {
  if (!(await findLockedResearcher(tx, researcherId))) return
  if (await findLiveToken(system, researcherId, [...writeScopes])) await releaseHeldItems(tx, researcherId, writeScopes)
}

/** Ends of a permission that the person did not choose. */
const whyEnded: Partial<Record<Finding, string>> = {
  record_deprecated: 'deprecated',
  record_deactivated: 'deactivated',
}

/** ORCID still accepts a withdrawn token for one purpose: deleting what was written with it. */
async function findToken({ researcherId }: ClaimedItem, step: string): Promise<Token | null> {
  const live = await findLiveToken(system, researcherId, [...writeScopes])
  return live ?? (step === 'delete' ? findRemovalToken(system, researcherId, [...writeScopes]) : null)
}

async function find(claim: Claim, token: Token): Promise<Claim | null> {
  const { item } = claim
  const answer = await call(item, token, 'GET', `${sectionOf(item.kind)}s`)
  const items = answer.kind === 'ok' ? parseItems(item.researcher.orcid, item.kind, answer.body) : null
  if (!items) return fail(claim, token, answer)
  const ours = items.find((one) => isFromUs(one) && isSame(one.externalIds, item))
  if (!ours) return renewClaim(claim, async () => ({ postedRevision: null }))
  return renewClaim(claim, async (tx, { postedRevision }) => {
    await note(tx, item, events.written)
    const writtenAt = new Date()
    return { putCode: ours.putCode, writtenRevision: postedRevision, postedRevision: null, writtenAt }
  })
}

function isFromUs({ clientId }: RecordItem): boolean {
  const clients = [env().orcid.clientId, ...env().orcid.retiredClients.map((client) => client.clientId)]
  return clientId !== null && clients.includes(clientId)
}

/** People have works from many sources. One that is on the record already is not added again. */
async function lookForWork(claim: Claim, token: Token): Promise<Claim | null> {
  const { item } = claim
  const answer = await call(item, token, 'GET', `${sectionOf(item.kind)}s`)
  const items = answer.kind === 'ok' ? parseItems(item.researcher.orcid, item.kind, answer.body) : null
  if (!items) return fail(claim, token, answer)
  const there = items.filter(({ externalIds }) => isSame(externalIds, item))
  if (there.length > 0 && !there.some(isFromUs)) return end(claim, { state: 'already_there' }, events.alreadyThere)
  return (await isStillWanted(claim)) ? claim : end(claim, {})
}

async function post(found: Claim, token: Token): Promise<Claim | null> {
  const claim = found.item.kind === 'work' ? await lookForWork(found, token) : found
  if (!claim) return null
  // Recorded before the request leaves. The item may have been removed since it was read.
  const posting = await renewClaim(claim, async (_tx, now) =>
    nextStep(now) === 'post' ? { postedRevision: now.revision } : {},
  )
  if (!posting || nextStep(posting.item) !== 'find') return posting
  const { item } = posting
  const answer = await call(item, token, 'POST', sectionOf(item.kind), bodyOf(item))
  const putCode = putCodeIn(answer)
  if (putCode !== null) {
    // ORCID may already have had the item with other content: the next step then updates it.
    const writtenRevision = answer.kind === 'ok' ? item.revision : null
    return renewClaim(posting, async (tx) => {
      await note(tx, item, events.written)
      return { putCode, writtenRevision, postedRevision: null, writtenAt: new Date() }
    })
  }
  return fail(posting, token, answer, mayHaveArrived(answer) ? {} : { postedRevision: null })
}

function putCodeIn(answer: ApiOutcome): string | null {
  if (answer.kind === 'conflict') return answer.putCode
  if (answer.kind !== 'ok') return null
  return /\/(\d+)\/?$/.exec(answer.location ?? '')?.[1] ?? null
}

/** ORCID may have the item. A proxy can answer 429 although ORCID received the request. */
const mayHaveArrived = (answer: ApiOutcome) =>
  answer.kind === 'unavailable' ? answer.mayHaveArrived : ['ok', 'conflict', 'rate_limited'].includes(answer.kind)

async function put(claim: Claim, token: Token): Promise<Claim | null> {
  const { item } = claim
  const path = `${sectionOf(item.kind)}/${item.putCode}`
  const answer = await call(item, token, 'PUT', path, bodyOf(item))
  if (answer.kind === 'not_found') return end(claim, { state: 'deleted_by_person' }, events.deletedByPerson)
  if (answer.kind !== 'ok') return fail(claim, token, answer)
  return renewClaim(claim, async (tx) => {
    await note(tx, item, events.written)
    return { writtenRevision: item.revision, writtenAt: new Date() }
  })
}

/** An item that is already gone counts as deleted. */
async function remove(claim: Claim, token: Token): Promise<Claim | null> {
  const { item } = claim
  const answer = await call(item, token, 'DELETE', `${sectionOf(item.kind)}/${item.putCode}`)
  if (answer.kind !== 'ok' && answer.kind !== 'not_found') return fail(claim, token, answer)
  return end(claim, gone, events.deleted)
}

const gone = { state: 'deleted', putCode: null, writtenRevision: null, postedRevision: null } as const satisfies Change

function call(
  { researcherId, researcher: { orcid } }: ClaimedItem,
  { token }: Token,
  method: ApiMethod,
  path: string,
  body?: unknown,
) {
  return callOrcid(system, { method, path: `/${orcid}/${path}`, token, body, researcherId, purpose: 'affiliation' })
}

function bodyOf(item: ClaimedItem): unknown {
  const organisation = findOrganisation()
  // `mayWrite` has checked this, and the configuration does not change while the process runs.
  if (!organisation) throw new Error('The settings of the institution are incomplete')
  return toBody(item, organisation, item.putCode)
}

/**
 * Releases an item after a failed call. An outage decides nothing and leads to a retry; so does a refused token until
 * the grant's check has found out why (decision 013).
 */
async function fail(claim: Claim, { grantId }: Token, answer: ApiOutcome, known: Change = {}): Promise<null> {
  const { item } = claim
  const tries = item.tries + 1
  const waitMs = waitAfterMs(answer, tries)
  const state =
    waitMs !== null ? 'waiting_for_orcid' : answer.kind === 'insufficient_scope' ? 'no_permission' : 'refused'
  await releaseClaim(claim, async (tx) => {
    await enqueueCheckAfterRefusal(tx, grantId, answer)
    if (waitMs === null && item.state !== state) {
      await note(tx, item, state === 'refused' ? events.refused : events.held)
    }
    return { ...known, state, reason: reasonOf(answer), tries, ...at(waitMs ?? laterMs) }
  })
  return null
}

/** Milliseconds until the retry; null if ORCID decided about the item. */
function waitAfterMs(answer: ApiOutcome, tries: number): number | null {
  if (answer.kind === 'rate_limited') return Math.max(backoffMs(tries, writeBackoff), answer.retryAfterMs ?? 0)
  // An unreadable answer or a conflict without a put-code is no decision.
  return ['ok', 'unavailable', 'client_refused', 'conflict', 'invalid_token'].includes(answer.kind)
    ? backoffMs(tries, writeBackoff)
    : null
}

/** ORCID's own words, or our code for its answer. */
function reasonOf(answer: ApiOutcome): string | null {
  if (answer.kind === 'invalid') return answer.reason.slice(0, 1_000)
  const hasNoReason = [
    'ok',
    'unavailable',
    'client_refused',
    'conflict',
    'rate_limited',
    'insufficient_scope',
  ].includes(answer.kind)
  return hasNoReason ? null : answer.kind
}

async function end(claim: Claim, data: Change, event?: Event): Promise<null> {
  const reset = data.state === 'waiting_for_orcid' ? {} : { tries: 0, reason: null }
  await releaseClaim(claim, async (tx, item) => {
    if (event) await note(tx, item, event)
    return { ...reset, ...data }
  })
  return null
}

function note(tx: Tx, { id, researcherId, kind }: ClaimedItem, event: Event): Promise<void> {
  return recordEvent(tx, system, { action: event.action, researcherId, detail: { affiliationId: id, kind } })
}

const at = (waitMs: number) => ({ nextTryAt: new Date(Date.now() + waitMs) })
const openStateOf = ({ putCode }: ClaimedItem) => (putCode === null ? 'pending' : 'updating')
