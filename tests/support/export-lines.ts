import fc from 'fast-check'
import { system } from '@/lib/actor'
import { db } from '@/lib/db'
import { type Export, exportResearchers, type NoFile } from '@/lib/exports/commands'
import { parseDnTemplate } from '@/lib/exports/dn'
import type { FileOptions } from '@/lib/exports/schema'
import { noFilters } from '@/lib/researchers/schema'
import type { NewResearcher } from '@/tests/support/researchers'
import { saveResearchers } from '@/tests/support/saved-researchers'

export type Person = Partial<NewResearcher>

export const josiah: Person = {
  orcid: '0000-0002-1825-0097',
  name: 'Josiah Carberry',
  firstConnectedAt: '2026-01-02T03:04:05.678Z',
  lastConfirmedAt: '2026-02-02T03:04:05Z',
  liveScopesGivenAt: ['2026-01-02T03:04:05.678Z', '2026-02-02T03:04:05Z', '2026-01-02T03:04:05.6Z'],
  expiresAt: '2046-01-02T03:04:05.6Z',
  createdAt: '2025-12-31T23:59:59Z',
}

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

export const formulaStarts = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']
/** Texts with what CSV, LDIF, names in a directory and spreadsheets take for their own. */
export const nasty = fc
  .oneof(
    fc.string({
      unit: fc.constantFrom(
        "'",
        ...formulaStarts,
        '"',
        ',',
        ';',
        'a',
        ' ',
        '\\',
        'ü',
        '\u0001',
        '\u0002',
        '\u2028',
        '\uFFFE',
      ),
    }),
    fc.string({ unit: fc.constantFrom(' ', '#', ',', '+', '"', '\\', '<', '>', '=', ':', '_x0041_', 'x', '_', 'é') }),
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc.string({ unit: 'binary' }),
  )
  .filter(isStorable)

/** The file for a directory. */
export function directory(found: readonly Person[], dn = 'uid={local_id},ou=people,dc=example,dc=org') {
  const template = parseDnTemplate(dn)
  if (!template) throw new Error(`No template: ${dn}`)
  return exportFile(found, { format: 'ldif', dn: template })
}

/** As RFC 2849 has it read: unfold, drop comments, take records apart, decode. */
export function readLdif(ldif: string): string[][] {
  const records = ldif.replaceAll('\n ', '').split('\n\n')
  return records.map((record) =>
    record
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.replace(/^([^:]+):: (.*)$/, (_, name, text) => `${name}: ${Buffer.from(text, 'base64')}`)),
  )
}

/** The value that an escaped one stands for (https://www.rfc-editor.org/rfc/rfc4514#section-3). */
export function unescapeDnValue(escaped: string): string {
  const bytes = [...escaped.matchAll(/\\([0-9a-f]{2})|\\(.)|([^\\])/gsu)].map(([, hex, special, plain]) =>
    hex ? Buffer.from(hex, 'hex') : Buffer.from(special ?? plain ?? ''),
  )
  return Buffer.concat(bytes).toString()
}
