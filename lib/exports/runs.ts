import 'server-only'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { StaffActor, SystemActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { db, inTransaction, Prisma, queryRows, type Tx } from '@/lib/db'
import { log } from '@/lib/log'

/** Concurrent exports of all processes together, so that pages stay fast. */
export const runningMax = 2

const heartbeatMs = 1_000
/** A run without a heartbeat for this long has lost its process. */
export const lostAfterS = 60
/** A reader that takes nothing for this long loses the export. */
const stalledAfterMs = 5 * 60_000

export type NewRun = {
  action:
    | 'list.exported'
    | 'people.exported'
    | 'affiliations.exported'
    | 'audit.exported'
    | 'campaign.links_exported'
    | 'system.file_made'
  format: string
  /** URL parameters of the list, without search terms, which may name people. */
  filter: string
  searched: boolean
}

/** Returns the id of the new run; null if `runningMax` exports run already. */
export function beginRun(actor: StaffActor | SystemActor, run: NewRun): Promise<string | null> {
  return inTransaction(async (tx) => {
    // Without the advisory lock, two concurrent starts could exceed the limit.
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

/** Sets how many rows a file will have. */
export async function setExpected(id: string, rowsExpected: number): Promise<void> {
  await db().exportRun.update({ where: { id }, data: { rowsExpected } })
}

/** Deletes an export that never began. */
export async function deleteRun(id: string): Promise<void> {
  await db().exportRun.delete({ where: { id } })
}

export type Progress = { rows: number; movedAt: number }

/** Saves the progress every second and aborts `stop` on a cancellation or a stalled reader. Returns its own stop. */
export function watchRun(id: string, progress: Progress, stop: AbortController): () => void {
  let isSaving = false
  const saveProgress = async () => {
    if (isSaving) return
    isSaving = true
    try {
      const [run] = await queryRows(
        db(),
        z.object({ cancelled: z.boolean() }),
        Prisma.sql`
        update export_run set rows = ${progress.rows}, seen_at = now() where id = ${id}::uuid
        returning cancel_asked_at is not null or state <> 'running' as cancelled`,
      )
      if (!run || run.cancelled || Date.now() - progress.movedAt > stalledAfterMs) stop.abort()
    } catch (error) {
      log().warn({ exportId: id, err: error }, 'failed to save the progress of an export')
    } finally {
      isSaving = false
    }
  }
  const timer = setInterval(() => void saveProgress(), heartbeatMs)
  timer.unref()
  return () => clearInterval(timer)
}

/** Contains no personal data. */
export type FileDescription = { format: string; filter: Prisma.InputJsonObject; columns: string[] }

export type RunEnd = FileDescription & {
  id: string
  action: NewRun['action']
  state: 'done' | 'cancelled' | 'failed'
  rows: number
  requestId: string | undefined
}

/** Saves the end of a run and audits the content and size of the file. */
export function endRun(actor: StaffActor | SystemActor, end: RunEnd): Promise<void> {
  const { id, action, state, rows, requestId, format, filter, columns } = end
  const detail = { exportId: id, format, filter, columns, rows, complete: state === 'done' }
  return inTransaction(async (tx) => {
    await tx.exportRun.updateMany({ where: { id }, data: { state, rows, endedAt: new Date() } })
    await recordEvent(tx, actor, { action, requestId, detail })
  })
}

/** Asks the process of the run to stop. False if it does not run. */
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

/** After a restore: no file of the copy leaves before its release. */
export async function cancelAllRuns(tx: Tx): Promise<void> {
  await tx.exportRun.updateMany({
    where: { state: 'running', cancelAskedAt: null },
    data: { cancelAskedAt: new Date() },
  })
}
