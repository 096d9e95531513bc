import 'server-only'
import type { Tx } from '@/lib/db'
import { type KeptReason, saveObjections } from '@/lib/people/objections'

/** Deletes the person of a researcher who is being erased, and the entries that were merged into it. */
export async function erasePersonOf(tx: Tx, researcherId: string, keptOff: KeptReason | null): Promise<void> {
  const person = await tx.person.findUnique({ where: { researcherId }, select: { id: true } })
  if (person) await erasePerson(tx, person.id, keptOff)
}

/**
 * Deletes a person with everything that hangs on them. Nothing may be on their record that staff want to remove.
 * `keptOff`: why they may not come back with the next roster, or null if they may.
 */
export async function erasePerson(tx: Tx, id: string, keptOff: KeptReason | null): Promise<void> {
  const all = { OR: [{ id }, { mergedIntoId: id }] }
  await tx.affiliation.deleteMany({ where: { person: all } })
  const entries = await tx.person.findMany({ where: all, select: { id: true, localId: true, email: true } })
  if (keptOff) await saveObjections(tx, entries, keptOff)
  const ids = entries.map((each) => each.id)
  const theirs = { OR: [{ personId: { in: ids } }, { nearId: { in: ids } }] }
  // A file that is still to be saved has their row too.
  await tx.import.updateMany({ where: { file: { not: null }, importRows: { some: theirs } }, data: { file: null } })
  await tx.importRow.deleteMany({ where: theirs })
  // Without their invitation they would stand in lists that leave out refusals of those who were asked.
  await tx.authorizationAttempt.deleteMany({
    where: { invitation: { personId: { in: ids } }, researcherId: null, state: 'ended', revocations: { none: {} } },
  })
  await tx.person.deleteMany({ where: { mergedIntoId: id } })
  await tx.person.delete({ where: { id } })
}
