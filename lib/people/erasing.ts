import 'server-only'
import type { Tx } from '@/lib/db'

/** Deletes the person of a researcher who is being erased, and the entries that were merged into it. */
export async function erasePersonOf(tx: Tx, researcherId: string): Promise<void> {
  const person = await tx.person.findUnique({ where: { researcherId }, select: { id: true } })
  if (person) await erasePerson(tx, person.id)
}

/** Deletes a person with everything that hangs on them. Nothing may be on their record that staff want to remove. */
export async function erasePerson(tx: Tx, id: string): Promise<void> {
  const all = { OR: [{ id }, { mergedIntoId: id }] }
  await tx.affiliation.deleteMany({ where: { person: all } })
  const merged = await tx.person.findMany({ where: all, select: { id: true } })
  const ids = merged.map((each) => each.id)
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
