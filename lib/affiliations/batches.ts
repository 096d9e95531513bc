import 'server-only'
import type { StaffActor } from '@/lib/actor'
import {
  findUndoObstacle,
  type ItemOptions,
  judgeItems,
  planItems,
  prepareItemUndo,
  writeItem,
} from '@/lib/affiliations/batch-items'
import type { RawEntry } from '@/lib/affiliations/entry'
import { recordEvent } from '@/lib/audit/commands'
import { db, inTransaction, Prisma, type Tx } from '@/lib/db'
import { type BatchAction, batchPeopleMax, nextSteps } from '@/lib/people/batch'
import { findLastDays, isAsMarked, markLeaving, planLeaving, unmarkLeaving } from '@/lib/people/batch-leaving'
import type { Selection } from '@/lib/people/selection'

type Asked = { selection: Selection; scopes: readonly string[] }
type NewStep = { personId: string; item?: Prisma.InputJsonObject; reason: string | null }

/** Plans to set a last day. Returns the batch’s id; null if there are too many people. */
export async function planLeavingBatch(actor: StaffActor, asked: Asked, leavesOn: string): Promise<string | null> {
  return save(actor, 'mark_leaving', await planLeaving(actor, asked, leavesOn), leavesOn)
}

/** Plans to write one item an appointment. Returns the batch’s id; null if there are too many. */
export async function planItemBatch(actor: StaffActor, asked: Asked, options: ItemOptions): Promise<string | null> {
  return save(actor, 'add_items', await planItems(actor, asked, options))
}

async function save(
  actor: StaffActor,
  action: BatchAction,
  steps: readonly NewStep[],
  leavesOn?: string,
): Promise<string | null> {
  if (steps.length > batchPeopleMax) return null
  return inTransaction(async (tx) => {
    const { id } = await tx.batch.create({
      data: { action, madeById: actor.staffId, leavesOn: leavesOn ? new Date(leavesOn) : null },
      select: { id: true },
    })
    await tx.batchStep.createMany({
      data: steps.map(({ reason, ...step }, place) => ({
        ...step,
        batchId: id,
        place,
        reason,
        state: reason ? ('left_out' as const) : ('planned' as const),
      })),
    })
    return id
  })
}

const stepsPerTransaction = 50

const step = { place: true, personId: true, item: true, before: true, affiliationId: true } as const
type Step = Prisma.BatchStepGetPayload<{ select: typeof step }>
type Batch = { id: string; action: BatchAction; leavesOn: string | null; undoneAt: Date | null }

/** Locks a batch, so that one run at a time changes its steps. */
async function lockBatch(tx: Tx, id: string): Promise<void> {
  await tx.$queryRaw`select 1 from batch where id = ${id}::uuid for update`
}

async function readBatch(id: string): Promise<Batch | null> {
  const found = await db().batch.findUnique({ where: { id } })
  return found && { ...found, leavesOn: found.leavesOn?.toISOString().slice(0, 10) ?? null }
}

const listSteps = (batchId: string, state: 'planned' | 'done', take: number): Promise<Step[]> =>
  db().batchStep.findMany({ where: { batchId, state }, orderBy: { place: 'asc' }, take, select: step })

/**
 * Writes the planned steps; of many, the first ten only, when none is written. Whoever presses twice writes nothing
 * twice. `isFirst`: the button said that the first are written.
 */
export async function runBatch(
  actor: StaffActor,
  { id, isFirst, requestId }: { id: string; isFirst: boolean; requestId: string },
): Promise<void> {
  const batch = await readBatch(id)
  if (!batch || batch.undoneAt) return
  const [planned, begun] = await Promise.all([
    db().batchStep.count({ where: { batchId: id, state: 'planned' } }),
    db().batchStep.count({ where: { batchId: id, OR: [{ state: 'done' }, { before: { not: Prisma.DbNull } }] } }),
  ])
  // The second press of the first button.
  if (isFirst && begun > 0) return
  let left = nextSteps({ planned, begun: begun > 0 })
  let written = 0
  while (left > 0) {
    const steps = await listSteps(id, 'planned', Math.min(left, stepsPerTransaction))
    if (steps.length === 0) break
    written += await writeSteps(actor, batch, steps, requestId)
    left -= steps.length
  }
  if (written === 0) return
  await inTransaction((tx) =>
    recordEvent(tx, actor, {
      action: 'batch.written',
      requestId,
      detail: { batchId: id, kind: batch.action, written },
    }),
  )
}

async function writeSteps(actor: StaffActor, batch: Batch, steps: readonly Step[], requestId: string): Promise<number> {
  const items = steps.map(({ item }) => item as RawEntry['fields'])
  const judged = batch.action === 'add_items' ? await judgeItems(actor, items) : null
  return inTransaction(async (tx) => {
    await lockBatch(tx, batch.id)
    let written = 0
    for (const [index, { place, personId }] of steps.entries()) {
      const where = { batchId_place: { batchId: batch.id, place }, state: 'planned' as const }
      if (!(await tx.batchStep.findUnique({ where, select: { place: true } }))) continue
      const row = judged?.[index] ?? null
      const result = judged
        ? row && (await writeItem(tx, actor, row, requestId))
        : await markLeaving(tx, actor, { personId, leavesOn: batch.leavesOn ?? '', requestId })
      if (!result || 'reason' in result) {
        await tx.batchStep.update({ where, data: { state: 'left_out', reason: result?.reason ?? 'changed' } })
        continue
      }
      await tx.batchStep.update({ where, data: { ...result, state: 'done' } })
      written += 1
    }
    return written
  })
}

export type UndoPlan = { undone: number; kept: number }

/** What undoing would do, without doing it. */
export async function planUndo(_actor: StaffActor, id: string): Promise<UndoPlan | null> {
  const batch = await readBatch(id)
  if (!batch) return null
  const steps = await listSteps(id, 'done', batchPeopleMax)
  const reasons = await findUndoReasons(batch, steps)
  const kept = reasons.filter(Boolean).length
  return { undone: steps.length - kept, kept }
}

async function findUndoReasons({ action, leavesOn }: Batch, steps: readonly Step[]): Promise<(string | null)[]> {
  if (action === 'add_items') {
    const reasons: (string | null)[] = []
    for (const one of steps) reasons.push(await findUndoObstacle(one))
    return reasons
  }
  const now = await findLastDays(steps.map(({ personId }) => personId))
  return steps.map(({ personId }) => (isAsMarked(now.get(personId) ?? null, leavesOn ?? '') ? null : 'changed'))
}

/**
 * Gives back what the batch changed and deletes what it added, except where somebody has changed it since. What was
 * planned is not written any more.
 */
export async function undoBatch(
  actor: StaffActor,
  { id, requestId }: { id: string; requestId: string },
): Promise<void> {
  const batch = await readBatch(id)
  if (!batch) return
  await db().batch.updateMany({ where: { id, undoneAt: null }, data: { undoneAt: new Date() } })
  await db().batchStep.updateMany({ where: { batchId: id, state: 'planned' }, data: { state: 'left_out' } })
  const steps = await listSteps(id, 'done', batchPeopleMax)
  const reasons = await findUndoReasons(batch, steps)
  let undone = 0
  for (const [index, one] of steps.entries()) {
    const step = { batchId: id, place: one.place }
    const reason = reasons[index] ?? null
    const undo = reason === null ? await prepareUndo(actor, batch, one, requestId) : null
    const isUndone = await inTransaction(async (tx) => {
      // Undone by another press of the button meanwhile.
      const { count } = await tx.batchStep.updateMany({ where: { ...step, state: 'done' }, data: { state: 'undone' } })
      if (count === 0) return false
      if (undo && (await undo(tx))) return true
      await tx.batchStep.updateMany({ where: step, data: { state: 'kept', reason: reason ?? 'changed' } })
      return false
    })
    if (isUndone) undone += 1
  }
  if (steps.length === 0) return
  await inTransaction((tx) =>
    recordEvent(tx, actor, { action: 'batch.undone', requestId, detail: { batchId: id, kind: batch.action, undone } }),
  )
}

async function prepareUndo(actor: StaffActor, batch: Batch, one: Step, requestId: string) {
  if (batch.action === 'add_items') return prepareItemUndo(actor, one, requestId)
  const { personId, before } = one
  const leavesOn = batch.leavesOn ?? ''
  return (tx: Tx) => unmarkLeaving(tx, actor, { personId, leavesOn, before, requestId })
}
