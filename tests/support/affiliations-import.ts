import type { StaffActor } from '@/lib/actor'
import { db } from '@/lib/db'
import { decideRows, saveImport, uploadImport } from '@/lib/imports/commands'
import { readImport } from '@/lib/imports/reading'
import { saveReadImport } from '@/lib/imports/saving'

/** Uploads a file of works and reads it, as the job does. Returns the import’s id. */
export const readFileOfWorks = (staff: StaffActor, file: string | Uint8Array) => readFile(staff, 'works', file, false)

/** As `readFileOfWorks`, of affiliations. */
export const readFileOfItems = (staff: StaffActor, file: string | Uint8Array, complete = false) =>
  readFile(staff, 'affiliations', file, complete)

async function readFile(
  staff: StaffActor,
  kind: 'affiliations' | 'works',
  file: string | Uint8Array,
  complete: boolean,
): Promise<string> {
  const bytes = typeof file === 'string' ? new TextEncoder().encode(file) : file
  const upload = { kind, fileName: 'items.csv', bytes, complete }
  const id = await uploadImport(staff, upload)
  await readImport(id)
  return id
}

/** What a file would do or did: a line a row, with the faults of those that are refused. */
export async function rowsOfImport(importId: string): Promise<string[]> {
  const rows = await db().importRow.findMany({ where: { importId }, orderBy: { line: 'asc' } })
  return rows.map(({ line, verdict, faults }) => {
    const found = (faults ?? []) as { field: string | null; code: string }[]
    return [line, verdict, ...found.map(({ field, code }) => [field, code].filter(Boolean).join(' '))].join(' ')
  })
}

/** Saves what was read, as somebody does who looks at the preview and agrees. */
export async function saveItems(staff: StaffActor, id: string): Promise<Record<string, number>> {
  await saveImport(staff, id, 'TEST-0001')
  await saveReadImport(staff, id, 'TEST-0001')
  const { counts } = await db().import.findUniqueOrThrow({ where: { id } })
  return counts as Record<string, number>
}

/** All of it; rows that are nearly the same as others are others. */
export async function importItems(staff: StaffActor, file: string | Uint8Array) {
  const id = await readFileOfItems(staff, file)
  await decideRows(staff, id, { decision: 'added' })
  const { added = 0, changed = 0, unchanged = 0, refused = 0 } = await saveItems(staff, id)
  return { written: added + changed, unchanged, leftOut: refused }
}

/** Nobody but Ada Example (000123) and Linus Sample (7), who are on the roster and have not connected. */
export async function startWithTwoPeople(): Promise<void> {
  await db().import.deleteMany()
  await db().affiliation.deleteMany()
  await db().person.deleteMany()
  await db().researcher.deleteMany()
  await db().person.createMany({
    data: [
      { localId: '000123', givenName: 'Ada', familyName: 'Example', email: 'ada@example.org', origin: 'imported' },
      { localId: '7', givenName: 'Linus', familyName: 'Sample', email: 'linus@example.org', origin: 'imported' },
    ],
  })
}
