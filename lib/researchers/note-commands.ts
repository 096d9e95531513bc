import 'server-only'
import type { StaffActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { inTransaction, type Tx } from '@/lib/db'
import { findLockedResearcher } from '@/lib/researchers/commands'

/** Audits the note without its text, which `parseNoteText` has parsed. False if the researcher does not exist. */
export function addNote(actor: StaffActor, researcherId: string, text: string, requestId: string): Promise<boolean> {
  return inTransaction(async (tx) => {
    // The lock keeps a concurrent erasure from leaving the note behind.
    if (!(await findLockedResearcher(tx, researcherId))) return false
    await tx.note.create({ data: { researcherId, authorId: actor.staffId, text } })
    await recordEvent(tx, actor, { action: 'note.added', researcherId, requestId })
    return true
  })
}

/** Deletes the text and keeps a tombstone. For the author and administrators; false without such a note. */
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
