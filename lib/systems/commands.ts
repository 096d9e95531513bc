import 'server-only'
import { z } from 'zod'
import { type StaffActor, type SystemRight, system } from '@/lib/actor'
import { recordEvent, recordEvents } from '@/lib/audit/commands'
import { inTransaction, type Tx } from '@/lib/db'
import type { PersonKind } from '@/lib/people/person'
import type { Operator } from '@/lib/systems/system'

/** What a system may do, of whom, and for what. */
export type TermEntry = {
  /** By language. */
  purpose: Record<string, string>
  rights: SystemRight[]
  scopes: string[]
  departments: string[]
  kinds: PersonKind[]
}

type Facts = {
  name: string
  contact: string
  contractOn: string | null
  networks: string[]
  perMinute: number
  expiresOn: string | null
  /** The client id of a member of ORCID, for `token:delegate`. */
  receiver?: string | null
}

export type SystemEntry = Facts & TermEntry & { operator: Operator; processorName: string | null }

/** Who runs a system stays: somebody else is another system. */
export type SystemChange = Facts & TermEntry & { isSamePurpose: boolean }

const toDate = (day: string | null) => day && new Date(day)

/** Adds a system with its first term. Returns its id. */
export function makeSystem(actor: StaffActor, entry: SystemEntry, requestId: string): Promise<string> {
  const { purpose, rights, scopes, departments, kinds, contractOn, expiresOn, ...facts } = entry
  const madeById = actor.staffId
  return inTransaction(async (tx) => {
    const { id } = await tx.system.create({
      data: {
        ...facts,
        contractOn: toDate(contractOn),
        expiresOn: toDate(expiresOn),
        madeById,
        terms: {
          create: { number: 1, purposeNumber: 1, purpose, rights, scopes, departments, kinds, madeById },
        },
      },
      select: { id: true },
    })
    const detail = { systemId: id, system: entry.name, rights, scopes }
    await recordEvent(tx, actor, { action: 'system.made', requestId, detail })
    return id
  })
}

/** Changes a system. Another purpose, right, scope or group of people is a new term. False if there is no such system. */
export function changeSystem(
  actor: StaffActor,
  id: string,
  { isSamePurpose, purpose, rights, scopes, departments, kinds, ...facts }: SystemChange,
  requestId: string,
): Promise<boolean> {
  const { contractOn, expiresOn } = facts
  return inTransaction(async (tx) => {
    const { count } = await tx.system.updateMany({
      where: { id },
      data: { ...facts, contractOn: toDate(contractOn), expiresOn: toDate(expiresOn) },
    })
    if (count === 0) return false
    await recordEvent(tx, actor, { action: 'system.changed', requestId, detail: { systemId: id, system: facts.name } })
    const term = { purpose, rights, scopes, departments, kinds }
    await addTerm(tx, actor, id, term, { isSamePurpose, requestId })
    return true
  })
}

/** The update before has locked the system. */
async function addTerm(
  tx: Tx,
  actor: StaffActor,
  systemId: string,
  term: TermEntry,
  { isSamePurpose, requestId }: { isSamePurpose: boolean; requestId: string },
): Promise<void> {
  const last = await tx.systemTerm.findFirstOrThrow({ where: { systemId }, orderBy: { number: 'desc' } })
  const before = { ...last, purpose: z.record(z.string(), z.string()).parse(last.purpose) }
  if (isSame(before, term)) return
  const number = last.number + 1
  const keepsPurpose = isSamePurpose || areEqual(Object.entries(before.purpose), Object.entries(term.purpose))
  const purposeNumber = keepsPurpose ? last.purposeNumber : number
  await tx.systemTerm.create({ data: { ...term, systemId, number, purposeNumber, madeById: actor.staffId } })
  const { rights, scopes } = term
  const detail = { systemId, number, rights, scopes, purpose: keepsPurpose ? 'same' : 'new' }
  await recordEvent(tx, actor, { action: 'system.term_added', requestId, detail })
}

type Comparable = Record<'rights' | 'scopes' | 'departments' | 'kinds', readonly string[]> & Pick<TermEntry, 'purpose'>

const isSame = (one: Comparable, other: Comparable) =>
  areEqual(Object.entries(one.purpose), Object.entries(other.purpose)) &&
  (['rights', 'scopes', 'departments', 'kinds'] as const).every((name) => areEqual(one[name], other[name]))

const areEqual = (one: readonly unknown[], other: readonly unknown[]) =>
  JSON.stringify(one.map((each) => JSON.stringify(each)).sort()) ===
  JSON.stringify(other.map((each) => JSON.stringify(each)).sort())

/** Refuses all requests of a system from the next one on; idempotent. */
export function stopSystem(actor: StaffActor, id: string, requestId: string): Promise<void> {
  return setStopped(actor, id, new Date(), requestId)
}

/** After a restore: the backup may not know which keys were revoked since, and who stopped a system. */
export async function stopAllSystems(tx: Tx): Promise<void> {
  const stopped = await tx.system.updateManyAndReturn({
    where: { stoppedAt: null },
    data: { stoppedAt: new Date() },
    select: { id: true, name: true },
  })
  const events = stopped.map(({ id: systemId, name }) => ({
    action: 'system.stopped' as const,
    detail: { systemId, system: name, because: 'restored' },
  }))
  await recordEvents(tx, system, events)
}

/** Lets a stopped system in again, with the keys that it has. */
export function startSystem(actor: StaffActor, id: string, requestId: string): Promise<void> {
  return setStopped(actor, id, null, requestId)
}

function setStopped(actor: StaffActor, id: string, stoppedAt: Date | null, requestId: string): Promise<void> {
  return inTransaction(async (tx) => {
    const [changed] = await tx.system.updateManyAndReturn({
      where: { id, stoppedAt: stoppedAt ? null : { not: null } },
      data: { stoppedAt },
      select: { name: true },
    })
    if (!changed) return
    const action = stoppedAt ? 'system.stopped' : 'system.started'
    await recordEvent(tx, actor, { action, requestId, detail: { systemId: id, system: changed.name } })
  })
}
