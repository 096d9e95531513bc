import 'server-only'
import type { StaffActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { inTransaction, type Tx } from '@/lib/db'
import { findLockedResearcher } from '@/lib/researchers/commands'

/**
 * Adds a note about somebody. The history says that it was added, and not what it says.
 *
 * @param text as `parseNoteText` gives it
 * @returns false when nobody has this id any more
 */
export function addNote(actor: StaffActor, researcherId: string, text: string, requestId: string): Promise<boolean> {
  return inTransaction(async (tx) => {
    // Who is being erased just now gets no note that would stay.
    if (!(await findLockedResearcher(tx, researcherId))) return false
    await tx.note.create({ data: { researcherId, authorId: actor.staffId, text } })
    await recordEvent(tx, actor, { action: 'note.added', researcherId, requestId })
    return true
  })
}

/**
 * Takes the words of a note away for good; that there was one stays for a while. Whoever wrote it may, and
 * administrators. False when there is no such note, any more or for this caller.
 */
export function removeNote(actor: StaffActor, noteId: string, requestId: string): Promise<boolean> {
  return inTransaction(async (tx) => {
    const [removed] = await tx.note.updateManyAndReturn({
      where: { id: noteId, removedAt: null, ...(actor.role === 'admin' ? {} : { authorId: actor.staffId }) },
      data: { text: null, removedAt: new Date() },
      select: { researcherId: true },
    })
    if (!removed) return false
    await recordEvent(tx, actor, { action: 'note.removed', researcherId: removed.researcherId, requestId })
    return true
  })
}

/** Deletes the notes about a researcher who is being erased. */
export async function eraseNotes(tx: Tx, researcherId: string): Promise<void> {
  await tx.note.deleteMany({ where: { researcherId } })
}
