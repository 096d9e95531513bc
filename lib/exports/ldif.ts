import type { Column } from '@/lib/exports/column'
import { type DnTemplate, dnPlaceholders, findMissingPlaceholder, toDn } from '@/lib/exports/dn'
import { type Part, type Row, readRows } from '@/lib/exports/lines'

export const ldifColumns: Column[] = [
  { name: 'orcid_uri', kind: 'plain' },
  { name: 'authenticated', kind: 'flag' },
  ...dnPlaceholders.map((name): Column => ({ name, kind: 'text' })),
]

const changesPerChunk = 250

/**
 * LDIF changes (https://www.rfc-editor.org/rfc/rfc2849) that set `eduPersonOrcid` to authenticated iDs. Comments at the
 * end count people who lack an authenticated iD or a value of their distinguished name.
 */
export async function* writeLdif(template: DnTemplate, parts: AsyncIterable<Part>): AsyncGenerator<Uint8Array> {
  const leftOut = new Map<string, number>()
  let changes = ['version: 1\n']
  for await (const row of readRows(parts)) {
    const reason = findReason(template, row)
    if (reason) leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1)
    else changes.push(toChange(template, row))
    if (changes.length < changesPerChunk) continue
    yield Buffer.from(changes.join(''))
    changes = []
  }
  const notes = [...leftOut].map(([why, count]) => `# Left out, ${why}: ${count}\n`).sort()
  if (notes.length > 0) changes.push('\n', ...notes)
  yield Buffer.from(changes.join(''))
}

function findReason(template: DnTemplate, row: Row): string | null {
  if (!row.authenticated) return 'iD not authenticated now'
  const lacking = findMissingPlaceholder(template, row)
  return lacking ? `no ${lacking}` : null
}

function toChange(template: DnTemplate, row: Row): string {
  const dn = toLdifLine('dn', toDn(template, row))
  return `\n${dn}\nchangetype: modify\nreplace: eduPersonOrcid\neduPersonOrcid: ${row.orcid_uri}\n-\n`
}

// SAFE-STRING of RFC 2849, without control characters and without a trailing space, which readers may drop.
const safe = /^([!-9;=-~]([ -~]*[!-~])?)?$/

const lineCharsMax = 76

/** Encodes unsafe values in Base64 and folds lines at 76 characters. */
export function toLdifLine(name: string, value: string): string {
  const line = safe.test(value) ? `${name}: ${value}` : `${name}:: ${Buffer.from(value).toString('base64')}`
  return line.slice(0, lineCharsMax) + line.slice(lineCharsMax).replace(/.{1,75}/g, '\n $&')
}
