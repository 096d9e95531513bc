import 'server-only'
import type { ApiActor, SystemRight } from '@/lib/actor'
import { type AffiliationItem, type AffiliationKind, affiliationKinds, sectionOf } from '@/lib/affiliations/affiliation'
import { type Organisation, toBody } from '@/lib/affiliations/body'
import { findOrganisation } from '@/lib/affiliations/organisation'
import {
  addSystemItem,
  changeSystemItem,
  findSystemItem,
  findSystemItemByPutCode,
  removeSystemItem,
  type Saved,
  type SystemItem,
} from '@/lib/affiliations/system-items'
import { toWorkItem } from '@/lib/affiliations/work-item'
import { writeWithin } from '@/lib/affiliations/writing-within'
import { writeOnce } from '@/lib/api/once'
import { type AffiliationBody, fromAffiliationBody } from '@/lib/api/orcid-body'
import { ApiProblem, type ProblemCode, type ProblemError } from '@/lib/api/problem'
import { db, inTransaction, type Tx } from '@/lib/db'
import type { ApiOutcome } from '@/lib/orcid/api'
import { fromWorkBody } from '@/lib/orcid/work'
import { type ProxiedPart, readForSystem } from '@/lib/records/proxied'
import { findCoverage } from '@/lib/systems/coverage'
import { hasUsed } from '@/lib/systems/use'

/** So long a request waits for ORCID before the jobs go on with it. */
export const patienceMs = 10_000
const awayForS = 30

/** A part of a record as ORCID sent it. @throws ApiProblem */
export async function readRecordPart(
  actor: ApiActor,
  orcid: string,
  part: ProxiedPart,
  accept: string,
): Promise<string> {
  const reading = await readForSystem(actor, orcid, part, accept)
  switch (reading.kind) {
    case 'read':
      return reading.text
    case 'refused':
      throw toProblem(reading.outcome)
    case 'private_emails':
      throw new ApiProblem('not_permitted', { detail: 'The permission opens private addresses. Read other sections.' })
    case 'no_token':
      throw new ApiProblem('permission_refused')
    case 'foreign':
      throw away()
    default:
      throw await toAbsent(actor, orcid, 'record:read')
  }
}

const away = (retryAfterMs: number | null = null) =>
  new ApiProblem('orcid_unavailable', {
    headers: { 'Retry-After': String(retryAfterMs === null ? awayForS : Math.ceil(retryAfterMs / 1_000)) },
  })

/** What ORCID decided, in a word that is also the `reason` of an item. */
const decided: Partial<Record<string, ProblemCode>> = {
  invalid_token: 'permission_refused',
  wrong_record: 'permission_refused',
  insufficient_scope: 'permission_refused',
  deprecated: 'record_deprecated',
  deactivated: 'record_deactivated',
  locked: 'record_locked',
  not_found: 'not_found',
}

function toProblem(outcome: Exclude<ApiOutcome, { kind: 'ok' }>): ApiProblem {
  if (outcome.kind === 'invalid') {
    return new ApiProblem('orcid_refused', { status: outcome.status, detail: outcome.reason })
  }
  if (outcome.kind === 'rate_limited') return away(outcome.retryAfterMs)
  const code = decided[outcome.kind]
  if (!code) return away()
  const primary = outcome.kind === 'deprecated' ? outcome.primaryOrcid : null
  return new ApiProblem(code, primary === null ? {} : { detail: `ORCID says that it is now part of ${primary}.` })
}

/** `key`: of idempotency, where the system sends one. `isAsync`: the answer does not wait for ORCID. */
export type RecordRequest = { key: string | undefined; requestHash: string; requestId: string; isAsync: boolean }

export type RecordWrite = { item: SystemItem; isRepeated: boolean }

/** The kind of item that a section of ORCID’s paths has; null if it can only be read. */
export const kindOf = (section: string): AffiliationKind | null =>
  [...affiliationKinds, 'work' as const].find((kind) => sectionOf(kind) === section) ?? null

const writtenAs = (kind: AffiliationKind) => (kind === 'work' ? 'works' : 'affiliations')

type Target = { orcid: string; kind: AffiliationKind }

/** Adds an item to a record and writes it. What ORCID refuses is not kept. @throws ApiProblem */
export async function addToRecord(
  actor: ApiActor,
  request: RecordRequest,
  { orcid, kind }: Target,
  body: unknown,
): Promise<RecordWrite> {
  const personId = await findPerson(actor, orcid, kind)
  const { requestId } = request
  const written = await write(actor, request, { orcid, kind }, (tx) =>
    addItem(tx, actor, { personId, orcid, kind, body, requestId }),
  )
  if (written.item.state !== 'refused') return written
  await inTransaction((tx) => removeSystemItem(tx, actor, writtenAs(kind), { id: written.item.id, requestId }))
  throw refusedItem(written.item)
}

type NewItem = Target & { personId: string; body: unknown; requestId: string }

/** Saves an item that is written later. @throws ApiProblem */
export async function addItem(
  tx: Tx,
  actor: ApiActor,
  { personId, orcid, kind, body, requestId }: NewItem,
): Promise<{ id: string }> {
  const { item, putCode } = readItem(kind, body)
  if (putCode !== null) throw invalid([{ pointer: '/put-code', detail: 'is given by ORCID: leave it out' }])
  const saved = await addSystemItem(tx, actor, { personId, item, requestId })
  if ('id' in saved) return saved
  const known = await findPutCode(tx, actor, personId, item)
  throw await toRefusal(actor, { orcid, kind }, { ...saved, known })
}

/** Changes an item that the system added. @throws ApiProblem */
export async function changeOnRecord(
  actor: ApiActor,
  request: RecordRequest,
  target: Target & { putCode: string },
  body: unknown,
): Promise<RecordWrite> {
  const found = await findByPutCode(actor, target)
  const { item, putCode } = readItem(target.kind, body, found.externalId)
  const faults: ProblemError[] = []
  if (putCode !== target.putCode) faults.push({ pointer: '/put-code', detail: 'must be the one of the address' })
  if (item.externalId.toLowerCase() !== found.externalId.toLowerCase()) {
    faults.push({ pointer: '/external-ids', detail: 'of an item stay: delete it and add another' })
  }
  if (faults.length > 0) throw invalid(faults)
  const { requestId } = request
  const written = await write(actor, request, target, (tx) =>
    changeSystemItem(tx, actor, { id: found.id, item, requestId }),
  )
  if (written.item.state === 'refused') throw refusedItem(written.item)
  if (written.item.state === 'deleted_by_person') throw new ApiProblem('removed_by_person')
  return written
}

/** Removes an item that the system added. @throws ApiProblem */
export async function removeFromRecord(
  actor: ApiActor,
  request: RecordRequest,
  target: Target & { putCode: string },
): Promise<RecordWrite> {
  const written = await write(actor, request, target, async (tx) => {
    const { id } = await findByPutCode(actor, target)
    return removeSystemItem(tx, actor, writtenAs(target.kind), { id, requestId: request.requestId })
  })
  if (written.item.state === 'refused') throw refusedItem(written.item)
  return written
}

/** The item as ORCID's API would show it. */
export const showItem = (item: SystemItem) => toBody(item, demandOrganisation(), item.putCode)

async function write(
  actor: ApiActor,
  request: RecordRequest,
  { orcid, kind }: Target,
  change: (tx: Tx) => Promise<Saved>,
): Promise<RecordWrite> {
  const save = async (tx: Tx) => {
    const saved = await change(tx)
    if ('fault' in saved) throw await toRefusal(actor, { orcid, kind }, saved)
    return { status: 202, affiliationId: saved.id }
  }
  const { key, requestHash } = request
  const { affiliationId: id, isRepeated } =
    key === undefined
      ? { ...(await inTransaction(save)), isRepeated: false }
      : await writeOnce(actor, { key, requestHash }, save)
  if (!request.isAsync) await writeWithin(id, patienceMs)
  const item = await findSystemItem(actor, writtenAs(kind), id)
  if (!item) throw new ApiProblem('not_found')
  return { item, isRepeated }
}

async function toRefusal(
  actor: ApiActor,
  { orcid, kind }: Target,
  { fault, known: putCode = null }: Extract<Saved, { fault: unknown }> & { known?: string | null },
): Promise<ApiProblem> {
  if (fault === 'not_permitted' || fault === 'not_found') return toAbsent(actor, orcid, rightOf(kind))
  if (fault === 'already_exists' && putCode !== null) {
    return new ApiProblem(fault, { detail: `Its put-code is ${putCode}.` })
  }
  if (fault !== 'is_local_id') return new ApiProblem(fault)
  const detail = 'is the person’s local identifier, which ORCID would show to everybody'
  return invalid([{ pointer: '/external-ids/external-id/0/external-id-value', detail }])
}

/** Of an item that the system itself has added before. */
async function findPutCode(tx: Tx, { systemId }: ApiActor, personId: string, { kind, externalId }: AffiliationItem) {
  const found = await tx.affiliation.findFirst({
    where: { systemId, personId, kind, externalId: { equals: externalId, mode: 'insensitive' } },
    select: { putCode: true },
  })
  return found?.putCode ?? null
}

export const refusedItem = ({ reason }: SystemItem) =>
  new ApiProblem(decided[reason ?? ''] ?? 'orcid_refused', {
    detail: decided[reason ?? ''] ? undefined : (reason ?? undefined),
  })

export const invalid = (errors: ProblemError[]) => new ApiProblem('invalid_request', { errors })

const rightOf = (kind: AffiliationKind) => `${writtenAs(kind)}:write` as const

/** A 404 with the same bytes whoever it is, but a 403 where the system knows the person: it was let once. */
async function toAbsent(actor: ApiActor, orcid: string, right: SystemRight): Promise<ApiProblem> {
  const person = await db().person.findUnique({ where: { orcid }, select: { id: true, researcherId: true } })
  if (!person?.researcherId) return new ApiProblem('not_found')
  const isCovered = (await findCoverage(db(), actor, person.id)).rights.includes(right)
  return new ApiProblem(!isCovered && (await hasUsed(actor, person.researcherId)) ? 'not_permitted' : 'not_found')
}

export async function findPerson(actor: ApiActor, orcid: string, kind: AffiliationKind): Promise<string> {
  const found = await db().person.findUnique({ where: { orcid }, select: { id: true } })
  if (!found) throw await toAbsent(actor, orcid, rightOf(kind))
  return found.id
}

async function findByPutCode(
  actor: ApiActor,
  { orcid, kind, putCode }: Target & { putCode: string },
): Promise<SystemItem> {
  const personId = await findPerson(actor, orcid, kind)
  const found = await findSystemItemByPutCode(actor, writtenAs(kind), { personId, putCode })
  if (found?.kind !== kind) throw await toAbsent(actor, orcid, rightOf(kind))
  return found
}

function readItem(kind: AffiliationKind, body: unknown, externalId?: string) {
  const organisation = demandOrganisation()
  if (kind === 'work') {
    const read = fromWorkBody(body)
    if ('faults' in read) throw invalid(read.faults)
    return { item: toWorkItem(read.work), putCode: read.putCode }
  }
  const given = body as AffiliationBody
  const read = fromAffiliationBody(given, { kind, organisation, externalId })
  if ('faults' in read) throw invalid(read.faults)
  return { item: read.item, putCode: given['put-code'] == null ? null : String(given['put-code']) }
}

function demandOrganisation(): Organisation {
  const organisation = findOrganisation()
  if (!organisation) throw new ApiProblem('writing_not_set_up')
  return organisation
}
