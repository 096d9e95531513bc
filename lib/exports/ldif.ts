import type { Column } from '@/lib/exports/column'
import { type DnTemplate, dnPlaceholders, findLacking, toDn } from '@/lib/exports/dn'
import { type Part, type Row, readRows } from '@/lib/exports/lines'

export const ldifColumns: Column[] = [
  { name: 'orcid_uri', kind: 'plain' },
  { name: 'authenticated', kind: 'flag' },
  ...dnPlaceholders.map((name): Column => ({ name, kind: 'text' })),
]

/** So many changes are handed on at a time. */
const together = 250

/**
 * Changes for a directory in which the people are: each sets `eduPersonOrcid` to the iD that ORCID vouches for now
 * (https://www.rfc-editor.org/rfc/rfc2849). Whoever has no such iD, or lacks a value that their name in the directory is
 * made of, is left out and counted at the end.
 */
export async function* writeLdif(template: DnTemplate, parts: AsyncIterable<Part>): AsyncGenerator<Uint8Array> {
  const leftOut = new Map<string, number>()
  let changes = ['version: 1\n']
  for await (const row of readRows(parts)) {
    const reason = findReason(template, row)
    if (reason) leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1)
    else changes.push(toChange(template, row))
    if (changes.length < together) continue
    yield Buffer.from(changes.join(''))
    changes = []
  }
  const notes = [...leftOut].map(([why, count]) => `# Left out, ${why}: ${count}\n`).sort()
  if (notes.length > 0) changes.push('\n', ...notes)
  yield Buffer.from(changes.join(''))
}

function findReason(template: DnTemplate, row: Row): string | null {
  if (!row.authenticated) return 'iD not authenticated now'
  const lacking = findLacking(template, row)
  return lacking ? `no ${lacking}` : null
}

function toChange(template: DnTemplate, row: Row): string {
  const dn = toLdifLine('dn', toDn(template, row))
  return `\n${dn}\nchangetype: modify\nreplace: eduPersonOrcid\neduPersonOrcid: ${row.orcid_uri}\n-\n`
}

// SAFE-STRING of RFC 2849 without control characters, and no space at the end, which a reader of lines may drop.
const safe = /^([!-9;=-~]([ -~]*[!-~])?)?$/

const widest = 76

/**
 * An attribute with its value, in Base64 where the text itself may not stand there, in lines of at most 76 characters.
 */
export function toLdifLine(name: string, value: string): string {
  const line = safe.test(value) ? `${name}: ${value}` : `${name}:: ${Buffer.from(value).toString('base64')}`
  return line.slice(0, widest) + line.slice(widest).replace(/.{1,75}/g, '\n $&')
}
