import { Prisma } from '@/lib/db'
import { authenticatedSql, uriSql } from '@/lib/exports/column'
import { type DnTemplate, lackingSql, toDnSql } from '@/lib/exports/dn'
import type { Layout } from '@/lib/exports/layout'

/**
 * Changes for a directory in which the people are: each sets `eduPersonOrcid` to the iD that ORCID vouches for now
 * (https://www.rfc-editor.org/rfc/rfc2849). Whoever has no such iD, or lacks a value that their name in the directory is
 * made of, is left out and counted at the end.
 */
export function makeLdif(template: DnTemplate): Layout {
  const authenticated = Prisma.raw(authenticatedSql)
  const reason = Prisma.sql`case when not ${authenticated} then 'iD not authenticated now' else ${lackingSql(template)} end`
  const change = Prisma.raw(
    `E'\\nchangetype: modify\\nreplace: eduPersonOrcid\\neduPersonOrcid: ', ${uriSql}, E'\\n-\\n'`,
  )
  const line = Prisma.sql`case when ${reason} is null then concat(E'\\n', ${toLdifLine('dn', toDnSql(template))}, ${change}) end`
  const tail = (leftOut: ReadonlyMap<string, number>) => {
    const notes = [...leftOut].map(([why, count]) => `# Left out, ${why}: ${count}\n`).sort()
    return notes.length > 0 ? `\n${notes.join('')}` : ''
  }
  return { head: 'version: 1\n', line, reason, between: '', tail }
}

// SAFE-STRING of RFC 2849 without control characters, and no space at the end, which a reader of lines may drop.
const safe = '^([!-9;=-~]([ -~]*[!-~])?)?$'

const widest = 76

/**
 * An attribute with its value, in Base64 where the text itself may not stand there, in lines of at most 76 characters.
 * Most values are short and stand as they are; for the others `offset 0` has PostgreSQL compute each step once.
 */
export function toLdifLine(name: string, value: Prisma.Sql): Prisma.Sql {
  const start = `${name}: `
  return Prisma.sql`case when length(${value}) <= ${widest - start.length}::int and ${value} ~ ${safe} then ${start} || ${value} else (
    select case when length(line) <= ${widest}::int then line
      else left(line, ${widest}::int) || regexp_replace(substr(line, ${widest + 1}::int), '(.{1,75})', E'\n \\\\1', 'g') end
    from (
      select case when value ~ ${safe} then ${start} || value
        else ${`${name}:: `} || replace(encode(convert_to(value, 'UTF8'), 'base64'), E'\n', '') end as line
      from (select ${value} as value offset 0) as given offset 0) as whole) end`
}
