import 'server-only'
import type { ResearcherActor } from '@/lib/actor'
import { enqueueWriting } from '@/lib/affiliations/claim'
import { newRevision } from '@/lib/affiliations/commands'
import { toWork } from '@/lib/affiliations/work-item'
import { recordEvent, recordEvents } from '@/lib/audit/commands'
import { db, inTransaction, type Prisma, type Tx } from '@/lib/db'
import { findLockedResearcher } from '@/lib/researchers/commands'

/** What a person may choose for works that systems want to add. Works from a file always ask. */
export const worksPreferences = ['ask', 'automatic', 'never'] as const
export type WorksPreference = (typeof worksPreferences)[number]

const waitingOf = ({ researcherId }: ResearcherActor) =>
  ({ researcherId, state: 'waiting_for_answer' }) satisfies Prisma.AffiliationWhereInput

const shownMost = 200

/** The works of which the actor has not said whether they may be added, oldest first, at most 200. */
export async function listMyWaitingWorks(actor: ResearcherActor) {
  const items = await db().affiliation.findMany({
    where: waitingOf(actor),
    orderBy: [{ addedAt: 'asc' }, { id: 'asc' }],
    take: shownMost,
    select: {
      id: true,
      kind: true,
      externalId: true,
      title: true,
      department: true,
      startOn: true,
      endOn: true,
      url: true,
      work: true,
      addedAt: true,
      system: { select: { name: true } },
    },
  })
  return items.flatMap((item) => {
    const work = toWork(item)
    return work ? [{ id: item.id, addedAt: item.addedAt, systemName: item.system?.name ?? null, work }] : []
  })
}

export type WaitingWork = Awaited<ReturnType<typeof listMyWaitingWorks>>[number]

export const countMyWaitingWorks = (actor: ResearcherActor): Promise<number> =>
  db().affiliation.count({ where: waitingOf(actor) })

export async function findMyWorksPreference({ researcherId }: ResearcherActor): Promise<WorksPreference> {
  const found = await db().researcher.findUnique({ where: { id: researcherId }, select: { worksPreference: true } })
  return found?.worksPreference ?? 'ask'
}

export type WorksAnswer = { work: string | 'all'; answer: 'add' | 'refuse'; requestId: string }

/** The actor's answer for one waiting work or all of them. What they refuse is not written later. Idempotent. */
export function answerForWorks(actor: ResearcherActor, { work, answer, requestId }: WorksAnswer): Promise<void> {
  const where = { ...waitingOf(actor), ...(work !== 'all' && { id: work }) }
  return inTransaction((tx) => (answer === 'add' ? allow : refuse)(tx, actor, where, requestId))
}

async function allow(
  tx: Tx,
  actor: ResearcherActor,
  where: Prisma.AffiliationWhereInput,
  requestId: string,
): Promise<void> {
  const { revision: _, ...asked } = newRevision('pending')
  const items = await tx.affiliation.updateManyAndReturn({
    where,
    data: { ...asked, asks: false },
    select: { id: true, kind: true, putCode: true },
  })
  // One that a worker was sending when it was changed.
  const written = items.filter(({ putCode }) => putCode !== null).map(({ id }) => id)
  await tx.affiliation.updateMany({ where: { id: { in: written } }, data: { state: 'updating' } })
  await note(tx, actor, { action: 'affiliation.allowed', requestId, items })
}

async function refuse(
  tx: Tx,
  actor: ResearcherActor,
  where: Prisma.AffiliationWhereInput,
  requestId: string,
): Promise<void> {
  const items = await tx.affiliation.updateManyAndReturn({
    where,
    data: { ...newRevision('deleting'), removal: 'person' },
    select: { id: true, kind: true },
  })
  await note(tx, actor, { action: 'affiliation.removal_asked', requestId, items })
}

type Noted = {
  action: 'affiliation.allowed' | 'affiliation.removal_asked'
  requestId: string
  items: readonly { id: string; kind: string }[]
}

async function note(tx: Tx, actor: ResearcherActor, { action, requestId, items }: Noted): Promise<void> {
  const { researcherId } = actor
  await recordEvents(
    tx,
    actor,
    items.map(({ id, kind }) => ({ action, researcherId, requestId, detail: { affiliationId: id, kind } })),
  )
  await enqueueWriting(
    tx,
    items.map(({ id }) => id),
  )
}

/** After a restore, which may lack a later no: every work that is not on a record asks again, and so does every system. */
export async function forgetWorksAnswers(tx: Tx): Promise<void> {
  await tx.researcher.updateMany({ where: { worksPreference: 'automatic' }, data: { worksPreference: 'ask' } })
  await tx.$executeRaw`
    update affiliation set asks = true,
      state = (case when state in ('pending', 'updating', 'waiting_for_orcid') then 'waiting_for_answer' else state::text end)::affiliation_state
    where kind = 'work' and put_code is null and removal is null and not asks`
}

/** Saves the actor's choice, which also answers for the works of systems that wait. */
export function chooseWorksPreference(
  actor: ResearcherActor,
  preference: WorksPreference,
  requestId: string,
): Promise<void> {
  const { researcherId } = actor
  return inTransaction(async (tx) => {
    await findLockedResearcher(tx, researcherId)
    const { count } = await tx.researcher.updateMany({
      where: { id: researcherId, worksPreference: { not: preference } },
      data: { worksPreference: preference },
    })
    if (count === 0) return
    await recordEvent(tx, actor, { action: 'works.chosen', researcherId, requestId, detail: { preference } })
    const ofSystems = { ...waitingOf(actor), systemId: { not: null } }
    if (preference === 'automatic') await allow(tx, actor, ofSystems, requestId)
    if (preference === 'never') await refuse(tx, actor, ofSystems, requestId)
  })
}
