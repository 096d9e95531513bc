import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { db, type Prisma, queryRows, Prisma as Sql } from '@/lib/db'
import { type StepState, stepStates } from '@/lib/people/batch'
import { type Selection, toSelectionCondition } from '@/lib/people/selection'

const stepsShown = 20

const shownStep = {
  place: true,
  state: true,
  item: true,
  reason: true,
  affiliationId: true,
  person: { select: { id: true, orcid: true, name: true, confidential: true } },
} satisfies Prisma.BatchStepSelect

export type ShownStep = Prisma.BatchStepGetPayload<{ select: typeof shownStep }>

const shownBatch = { id: true, action: true, leavesOn: true, madeAt: true, undoneAt: true } satisfies Prisma.BatchSelect
export type ListedBatch = Prisma.BatchGetPayload<{ select: typeof shownBatch }> & { counts: Record<StepState, number> }
export type ShownBatch = ListedBatch & { steps: ShownStep[] }

/** A batch with the numbers of its steps and the first of them: written ones first, then what is to come. */
export async function findBatch(actor: StaffActor, id: string): Promise<ShownBatch | null> {
  const batch = z.uuid().safeParse(id).success
    ? await db().batch.findUnique({ where: { id }, select: shownBatch })
    : null
  if (!batch) return null
  const visible = actor.role === 'admin' ? {} : { person: { confidential: false } }
  const list = (states: StepState[], take: number) =>
    db().batchStep.findMany({
      where: { batchId: id, state: { in: states }, ...visible },
      orderBy: { place: 'asc' },
      take,
      select: shownStep,
    })
  const written = await list(['done', 'undone', 'kept'], stepsShown)
  const steps = [
    ...written,
    ...(await list(['planned'], stepsShown - written.length)),
    ...(await list(['left_out'], stepsShown)),
  ]
  return { ...batch, counts: await countSteps([id]).then((all) => toCounts(all.get(id))), steps }
}

const batchesShown = 20

/** The latest batches of the actor. */
export async function listBatches(actor: StaffActor): Promise<ListedBatch[]> {
  const batches = await db().batch.findMany({
    where: { madeById: actor.staffId },
    orderBy: [{ madeAt: 'desc' }, { id: 'asc' }],
    take: batchesShown,
    select: shownBatch,
  })
  const counts = await countSteps(batches.map(({ id }) => id))
  return batches.map((batch) => ({ ...batch, counts: toCounts(counts.get(batch.id)) }))
}

async function countSteps(ids: readonly string[]): Promise<Map<string, Map<StepState, number>>> {
  const groups = await db().batchStep.groupBy({
    by: ['batchId', 'state'],
    where: { batchId: { in: [...ids] } },
    _count: true,
  })
  const all = new Map<string, Map<StepState, number>>()
  for (const { batchId, state, _count } of groups) {
    all.set(batchId, (all.get(batchId) ?? new Map<StepState, number>()).set(state, _count))
  }
  return all
}

const toCounts = (counts: Map<StepState, number> | undefined) =>
  Object.fromEntries(stepStates.map((state) => [state, counts?.get(state) ?? 0])) as Record<StepState, number>

/** How many people are selected; `most` + 1 if there are more. */
export async function countSelected(
  actor: StaffActor,
  { selection, scopes }: { selection: Selection; scopes: readonly string[] },
  most: number,
): Promise<number> {
  const [row] = await queryRows(
    db(),
    z.object({ count: z.number() }),
    Sql.sql`select count(*)::int as count from (
      select from person where ${toSelectionCondition(actor, { selection, scopes })} limit ${most + 1}) as found`,
  )
  return row?.count ?? 0
}
