import 'server-only'
import { z } from 'zod'
import type { Actor, StaffActor } from '@/lib/actor'
import { listMissingSettings } from '@/lib/affiliations/organisation'
import { recordEvent } from '@/lib/audit/commands'
import { inTransaction, Prisma, queryRows, type Tx } from '@/lib/db'
import { type ImportKind, importKinds } from '@/lib/imports/columns'
import type { DateOrder } from '@/lib/imports/dates'
import type { Encoding } from '@/lib/imports/encoding'
import { ImportError, type ImportState, importStates, undoDays } from '@/lib/imports/import'
import { enqueueJob } from '@/lib/jobs/queue'

type Upload = {
  kind: ImportKind
  fileName: string
  bytes: Uint8Array
  complete: boolean
  /** The caller reads it. */
  isRead?: boolean
  requestId?: string
}

const fileNameMax = 200
/** Prisma hands bytes over as base64, and several copies of it are in memory at once. */
const pieceBytes = 2_000_000

/** Keeps a file and lets a job read it. Returns the import’s id. */
export function uploadImport(
  actor: Actor,
  { kind, fileName, bytes, complete, isRead, requestId }: Upload,
): Promise<string> {
  return inTransaction(async (tx) => {
    const madeById = actor.kind === 'staff' ? actor.staffId : null
    const { id } = await tx.import.create({
      data: { kind, fileName: fileName.slice(0, fileNameMax), file: new Uint8Array(), complete, madeById },
      select: { id: true },
    })
    for (let from = 0; from < bytes.length; from += pieceBytes) {
      const piece = bytes.subarray(from, from + pieceBytes)
      await tx.$executeRaw`update import set file = file || ${piece}::bytea where id = ${id}::uuid`
    }
    const detail = { importId: id, kind, complete }
    await recordEvent(tx, actor, { action: 'import.uploaded', requestId, detail })
    if (!isRead) await enqueueJob(tx, 'read-import', { payload: { importId: id }, key: `import:${id}` })
    return id
  })
}

const locked = z.object({
  kind: z.enum(importKinds),
  state: z.enum(importStates),
  doubts: z.array(z.string()),
  counts: z.record(z.string(), z.number()),
  savedById: z.string().nullable(),
  saveAskedAt: z.date().nullable(),
  savedAt: z.date().nullable(),
  fault: z.string().nullable(),
})

/** @throws ImportError `not_now` */
async function lockImport(tx: Tx, id: string, ...states: ImportState[]): Promise<z.infer<typeof locked>> {
  const [found] = await queryRows(
    tx,
    locked,
    Prisma.sql`select kind::text, state::text, doubts, counts, saved_by_id::text as "savedById", save_asked_at as "saveAskedAt",
      saved_at as "savedAt", fault from import where id = ${id}::uuid for update`,
  )
  if (!found || !states.includes(found.state)) throw new ImportError('not_now')
  return found
}

type Reading = { encoding?: Encoding; mapping?: string[]; dateOrder?: DateOrder }

/** Reads the file again with another encoding, mapping or order of dates. @throws ImportError `not_now` */
export function rereadImport(_actor: StaffActor, id: string, { encoding, mapping, dateOrder }: Reading): Promise<void> {
  return inTransaction(async (tx) => {
    await lockImport(tx, id, 'preview')
    // The file is gone where somebody who is in it was erased.
    if ((await tx.import.count({ where: { id, file: { not: null } } })) === 0) throw new ImportError('not_now')
    const data = { state: 'reading', progress: 0, encoding, mapping, dateOrder } as const
    await tx.import.update({ where: { id }, data, select: { id: true } })
    await enqueueJob(tx, 'read-import', { payload: { importId: id }, key: `import:${id}` })
  })
}

/** Says of a row that may mean somebody whether it does; without `line` of all such rows. @throws ImportError `not_now` */
export function decideRows(
  _actor: StaffActor,
  id: string,
  { line, decision }: { line?: number; decision: 'same' | 'added' },
): Promise<void> {
  return inTransaction(async (tx) => {
    await lockImport(tx, id, 'preview')
    await tx.importRow.updateMany({ where: { importId: id, verdict: 'perhaps', line }, data: { decision } })
  })
}

const dayMs = 86_400_000

/**
 * Saves an import, or holds it for a second administrator where something about it is doubtful. Returns the new state.
 *
 * @throws ImportError `not_now`, `undecided` while a row may mean somebody, or `not_configured` where nothing can be written
 */
export function saveImport(actor: StaffActor, id: string, requestId: string): Promise<'saving' | 'held'> {
  return inTransaction(async (tx) => {
    const { kind, doubts, fault } = await lockImport(tx, id, 'preview')
    if (fault) throw new ImportError('not_now')
    if (kind !== 'people' && listMissingSettings().length > 0) throw new ImportError('not_configured')
    const undecided = { importId: id, verdict: 'perhaps', decision: null } as const
    if (await tx.importRow.findFirst({ where: undecided, select: { line: true } })) throw new ImportError('undecided')
    const state = doubts.length > 0 ? 'held' : 'saving'
    await tx.import.update({
      where: { id },
      data: { state, savedById: actor.staffId, saveAskedAt: new Date() },
      select: { id: true },
    })
    if (state === 'saving') await enqueueSaving(tx, id, requestId)
    return state
  })
}

/** For a command that saves by itself. */
export async function startSaving(id: string): Promise<void> {
  await inTransaction(async (tx) => {
    await lockImport(tx, id, 'preview')
    await tx.import.update({ where: { id }, data: { state: 'saving', saveAskedAt: new Date() }, select: { id: true } })
  })
}

/** Leaves a doubtful import of a command to an administrator. */
export async function holdImport(id: string): Promise<void> {
  await inTransaction(async (tx) => {
    await lockImport(tx, id, 'preview')
    await tx.import.update({ where: { id }, data: { state: 'held', saveAskedAt: new Date() }, select: { id: true } })
  })
}

const enqueueSaving = (tx: Tx, id: string, requestId: string) =>
  enqueueJob(tx, 'save-import', { payload: { importId: id, requestId }, key: `import:${id}` })

/**
 * Confirms a held import: another administrator, or where there is only one the same a day later, who types how many are
 * added and leave, or are deleted.
 *
 * @throws ImportError `not_now`, `second_person`, `too_early` or `wrong_counts`
 */
export function confirmImport(
  actor: StaffActor,
  id: string,
  typed: { added: number | null; leaving: number | null },
  requestId: string,
): Promise<void> {
  return inTransaction(async (tx) => {
    const { savedById, saveAskedAt, counts } = await lockImport(tx, id, 'held')
    if (savedById === actor.staffId) {
      const others = { role: 'admin', endedAt: null, id: { not: actor.staffId } } as const
      if (await tx.staffMember.findFirst({ where: others, select: { id: true } }))
        throw new ImportError('second_person')
      if (!saveAskedAt || Date.now() - saveAskedAt.getTime() < dayMs) throw new ImportError('too_early')
      const isRight =
        typed.added === (counts.added ?? 0) && typed.leaving === (counts.leaving ?? 0) + (counts.removed ?? 0)
      if (!isRight) throw new ImportError('wrong_counts')
    }
    await tx.import.update({
      where: { id },
      data: { state: 'saving', confirmedById: actor.staffId },
      select: { id: true },
    })
    await recordEvent(tx, actor, { action: 'import.confirmed', requestId, detail: { importId: id } })
    await enqueueSaving(tx, id, requestId)
  })
}

/** Forgets a file of which nothing was saved. @throws ImportError `not_now` */
export function discardImport(actor: StaffActor, id: string, requestId: string): Promise<void> {
  return inTransaction(async (tx) => {
    await lockImport(tx, id, 'preview', 'held')
    await tx.importRow.deleteMany({ where: { importId: id } })
    await tx.import.update({ where: { id }, data: { state: 'discarded', file: null }, select: { id: true } })
    await recordEvent(tx, actor, { action: 'import.discarded', requestId, detail: { importId: id } })
  })
}

/** Lets a job undo a saved import. @throws ImportError `not_now` or `too_late` */
export function undoImport(_actor: StaffActor, id: string, requestId: string): Promise<void> {
  return inTransaction(async (tx) => {
    const { savedAt } = await lockImport(tx, id, 'saved')
    if (!savedAt || Date.now() - savedAt.getTime() > undoDays * dayMs) throw new ImportError('too_late')
    await tx.import.update({ where: { id }, data: { state: 'undoing' }, select: { id: true } })
    await enqueueJob(tx, 'undo-import', { payload: { importId: id, requestId }, key: `import:${id}` })
  })
}
