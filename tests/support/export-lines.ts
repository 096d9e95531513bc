import { system } from '@/lib/actor'
import { db } from '@/lib/db'
import { type Export, exportResearchers, type NoFile } from '@/lib/exports/commands'
import type { FileOptions } from '@/lib/exports/schema'
import { noFilters } from '@/lib/researchers/schema'
import type { NewResearcher } from '@/tests/support/researchers'
import { saveResearchers } from '@/tests/support/saved-researchers'

export type Person = Partial<NewResearcher>

export const csvOptions: FileOptions = { format: 'csv', separator: ',', bom: true, columns: null, dn: null }

/** The file of these people and nobody else, who are in the database for so long; in the order in which they are given. */
export async function exportFile(people: readonly Person[], options: Partial<FileOptions>): Promise<string> {
  return (await exportBytes(people, options)).toString()
}

export async function exportBytes(people: readonly Person[], options: Partial<FileOptions>): Promise<Buffer> {
  const data = people.map((person, n) => ({
    id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    orcid: String(n)
      .padStart(16, '0')
      .replace(/(\d{4})(?=\d)/g, '$1-'),
    registry: 'production' as const,
    state: 'connected' as const,
    liveScopes: ['/activities/update', '/read-limited', 'openid'],
    ...person,
  }))
  await saveResearchers(data)
  try {
    return await readFile(await exportResearchers(system, noFilters, { ...csvOptions, ...options }, { locale: 'en' }))
  } finally {
    await db().person.deleteMany()
    await db().researcher.deleteMany()
  }
}

/** All of a file. */
export async function readFile(file: Export | NoFile): Promise<Buffer> {
  if (typeof file === 'string') throw new Error(`There is no file: ${file}`)
  const pieces: Uint8Array[] = []
  for await (const piece of file.parts) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** The text of which a cell was made: one apostrophe less where some stand before what begins a formula. */
export function parseCell(cell: string): string {
  return /^'+[=+\-@\t\r\n＝＋－＠]/.test(cell) ? cell.slice(1) : cell
}

/** A text as it is in every file: line breaks have become spaces. */
export const inOneLine = (text: string) => text.replace(/[\r\n]/g, ' ')

/** What no text of PostgreSQL can have: the character of number zero, and halves of pairs. */
export const isStorable = (text: string) => !/[\0\p{Cs}]/u.test(text)
