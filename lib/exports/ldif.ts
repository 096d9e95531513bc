import { type DnPlaceholder, type DnTemplate, fillDn } from '@/lib/exports/dn'
import type { Encoder } from '@/lib/exports/encoder'
import { orcidUri } from '@/lib/orcid/id'
import { isAuthenticated } from '@/lib/researchers/researcher'
import type { ResearcherTexts } from '@/lib/researchers/walk'

const lineLengthMax = 76

/**
 * Changes for a directory in which the people are: each sets `eduPersonOrcid` to the iD that ORCID vouches for now
 * (https://www.rfc-editor.org/rfc/rfc2849). Whoever has no such iD, or lacks a value that their name in the directory is
 * made of, is left out and counted at the end.
 */
export function makeLdif(template: DnTemplate): Encoder<ResearcherTexts> {
  const without: Partial<Record<DnPlaceholder, number>> = {}
  let unauthenticated = 0
  const takes = (row: ResearcherTexts) => {
    const isIn = isAuthenticated(row)
    if (!isIn) unauthenticated++
    const filled = fillDn(template, row)
    if (isIn && 'lacks' in filled) without[filled.lacks] = (without[filled.lacks] ?? 0) + 1
    return isIn && 'dn' in filled
  }
  const entry = (row: ResearcherTexts) => {
    const filled = fillDn(template, row)
    if ('lacks' in filled) return ''
    const uri = toLdifLine('eduPersonOrcid', orcidUri(row.orcid, row.registry))
    return `\n${toLdifLine('dn', filled.dn)}changetype: modify\nreplace: eduPersonOrcid\n${uri}-\n`
  }
  const tail = () => {
    const notes = Object.entries(without).map(([name, count]) => `# Left out, no ${name}: ${count}\n`)
    if (unauthenticated > 0) notes.push(`# Left out, iD not authenticated now: ${unauthenticated}\n`)
    return notes.length > 0 ? `\n${notes.join('')}` : ''
  }
  return { head: 'version: 1\n', takes, rows: (rows) => rows.map(entry).join(''), tail }
}

// SAFE-STRING of RFC 2849 without control characters, and no space at the end, which a reader of lines may drop.
const isSafe = /^(?![ :<])[ -~]*(?<! )$/

/** An attribute with its value, in Base64 where the text itself may not stand there, folded. */
export function toLdifLine(name: string, text: string): string {
  const line = isSafe.test(text) ? `${name}: ${text}` : `${name}:: ${Buffer.from(text).toString('base64')}`
  if (line.length <= lineLengthMax) return `${line}\n`
  const folded = line.slice(lineLengthMax).replace(/.{1,75}/gs, '\n $&')
  return `${line.slice(0, lineLengthMax)}${folded}\n`
}
