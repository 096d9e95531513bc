import 'server-only'
import { randomUUID } from 'node:crypto'
import type { StaffActor, SystemActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { db, inTransaction, type Prisma } from '@/lib/db'
import { log } from '@/lib/log'

/** How many files are written at a time, by all processes: the list is read by people meanwhile. */
export const runningMax = 2

const beatMs = 1_000
/** A process that has not said for so long that it is at it has died. */
export const lostAfterS = 60
/** Who takes nothing for so long has gone, or keeps others from theirs. */
const stalledAfterMs = 5 * 60_000

export type NewRun = {
  action: 'list.exported' | 'audit.exported'
  format: string
  /** What the file is narrowed to, as an address of the list, without words that may name somebody. */
  filter: string
  searched: boolean
}

/** Writes down that a file is begun, and gives its id; null where as many as may be are being written. */
export function beginRun(actor: StaffActor | SystemActor, run: NewRun): Promise<string | null> {
  return inTransaction(async (tx) => {
    // Two that begin at once would each find one place left.
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended('exports', 0))`
    await tx.$executeRaw`
      update export_run set state = 'failed', ended_at = now()
      where state = 'running' and seen_at < now() - make_interval(secs => ${lostAfterS}::double precision)`
    if ((await tx.exportRun.count({ where: { state: 'running' } })) >= runningMax) return null
    const startedById = actor.kind === 'staff' ? actor.staffId : null
    const { id } = await tx.exportRun.create({ data: { ...run, id: randomUUID(), startedById } })
    return id
  })
}

/** Writes down how many rows a file will have. */
export async function setExpected(id: string, rowsExpected: number): Promise<void> {
  await db().exportRun.update({ where: { id }, data: { rowsExpected } })
}

/** Forgets a file that is not to be. */
export async function dropRun(id: string): Promise<void> {
  await db().exportRun.delete({ where: { id } })
}

export type Progress = { rows: number; movedAt: number }

/**
 * Says every second how far the file is, and aborts `stop` once somebody wants it cancelled or nobody takes any of it for
 * minutes. Gives what ends this.
 */
export function watchRun(id: string, progress: Progress, stop: AbortController): () => void {
  let isAsking = false
  const beat = async () => {
    if (isAsking) return
    isAsking = true
    try {
      const [run] = await db().$queryRaw<{ cancelled: boolean }[]>`
        update export_run set rows = ${progress.rows}, seen_at = now() where id = ${id}::uuid
        returning cancel_asked_at is not null or state <> 'running' as cancelled`
      if (!run || run.cancelled || Date.now() - progress.movedAt > stalledAfterMs) stop.abort()
    } catch (error) {
      log().warn({ exportId: id, err: error }, 'the progress of an export was not written down')
    } finally {
      isAsking = false
    }
  }
  const timer = setInterval(() => void beat(), beatMs)
  timer.unref()
  return () => clearInterval(timer)
}

/** What was taken away, in words that are nobody's. */
export type FileTaken = { format: string; filter: Prisma.InputJsonObject; columns: string[] }

export type RunEnd = FileTaken & {
  id: string
  action: NewRun['action']
  state: 'done' | 'cancelled' | 'failed'
  rows: number
  requestId: string | undefined
}

/** Writes down how a file ended, and the event that tells what was taken and how much of it. */
export function endRun(actor: StaffActor | SystemActor, end: RunEnd): Promise<void> {
  const { id, action, state, rows, requestId, format, filter, columns } = end
  const detail = { exportId: id, format, filter, columns, rows, complete: state === 'done' }
  return inTransaction(async (tx) => {
    await tx.exportRun.updateMany({ where: { id }, data: { state, rows, endedAt: new Date() } })
    await recordEvent(tx, actor, { action, requestId, detail })
  })
}

/** Asks whichever process writes a file to stop. Whether there was anything to stop. */
export function cancelRun(actor: StaffActor, id: string, requestId?: string): Promise<boolean> {
  return inTransaction(async (tx) => {
    const { count } = await tx.exportRun.updateMany({
      where: { id, state: 'running', cancelAskedAt: null },
      data: { cancelAskedAt: new Date() },
    })
    if (count > 0) await recordEvent(tx, actor, { action: 'export.cancelled', requestId, detail: { exportId: id } })
    return count > 0
  })
}
