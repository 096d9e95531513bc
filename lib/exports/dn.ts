import { Prisma } from '@/lib/db'

/** Columns of a researcher. */
export const dnPlaceholders = ['local_id', 'orcid', 'name', 'department'] as const
export type DnPlaceholder = (typeof dnPlaceholders)[number]

/** Where somebody stands in a directory: text, and what is put in between. */
export type DnTemplate = { parts: readonly (string | { placeholder: DnPlaceholder })[] }

const lengthMax = 500

// https://www.rfc-editor.org/rfc/rfc4514#section-3 , of which a template may use all but values in hexadecimal.
const type = String.raw`(?:[a-z][a-z0-9-]*|\d+(?:\.\d+)+)`
const escaped = String.raw`\\(?:[ "#+,;<=>\\]|[0-9a-f]{2})`
const value = String.raw`(?![ #])(?:[^"+,;<>\\\p{Cc}\p{Cs}]|${escaped})+(?<![^\\] )`
const attribute = `${type}=${value}`
const wellFormed = new RegExp(`^${attribute}(?:[+,] *${attribute})*$`, 'iu')

/**
 * Reads `uid={local_id},ou=people,dc=example,dc=org`. Null where it is no distinguished name of RFC 4514, where a
 * placeholder is none of ours or stands for something else than a value, and where it has none: everybody would be one
 * entry.
 */
export function parseDnTemplate(text: string): DnTemplate | null {
  if (text.length > lengthMax) return null
  const parts = text.split(/(\{[^{}]*\})/).map((part) => {
    if (!part.startsWith('{')) return part
    const placeholder = dnPlaceholders.find((known) => part === `{${known}}`)
    return placeholder ? { placeholder } : null
  })
  const known = parts.filter((part) => part !== null)
  const isComplete = known.length === parts.length && known.some((part) => typeof part !== 'string')
  // Any value will do in the place of one; it starts and ends no name of an attribute.
  const filled = known.map((part) => (typeof part === 'string' ? part : '\\00')).join('')
  return isComplete && !/[{}]/.test(filled) && wellFormed.test(filled) ? { parts: known } : null
}

/** The distinguished name of a researcher, as SQL, where they lack nothing. */
export function toDnSql({ parts }: DnTemplate): Prisma.Sql {
  const texts = parts.map((part) => {
    if (typeof part === 'string') return Prisma.sql`${part}::text`
    // Nothing in an iD has to be escaped.
    return part.placeholder === 'orcid' ? Prisma.raw('orcid') : escapeDnValue(part.placeholder)
  })
  return Prisma.sql`concat(${Prisma.join(texts)})`
}

/** What a researcher lacks first of what the name is made of, as SQL, `no local_id`; null for nothing. */
export function lackingSql({ parts }: DnTemplate): Prisma.Sql {
  const wanted = parts.filter((part) => typeof part !== 'string')
  const cases = wanted.map(({ placeholder }) => `when coalesce(${placeholder}, '') = '' then 'no ${placeholder}'`)
  return Prisma.raw(`case ${cases.join(' ')} end`)
}

const control = String.raw`\u0001-\u001F\u007F-\u009F`
const special = String.raw`\\"+,;<=>`

/** A text as a part of an attribute's value (https://www.rfc-editor.org/rfc/rfc4514#section-2.4), as SQL. */
export function escapeDnValue(sql: string): Prisma.Sql {
  const hexPairs = String.raw`regexp_replace(encode(convert_to(letter, 'UTF8'), 'hex'), '..', '\\\&', 'g')`
  // Few texts have anything to escape, and these are looked at letter by letter.
  return Prisma.raw(String.raw`case when ${sql} !~ '[${special}${control}]|^[ #]| $' then ${sql} else (
    select string_agg(case
        when letter ~ '[${control}]' then ${hexPairs}
        when letter ~ '[${special}]' or place = 1 and letter ~ '[ #]' or place = length(${sql}) and letter = ' ' then '\' || letter
        else letter end, '' order by place)
    from regexp_split_to_table(${sql}, '') with ordinality as letters (letter, place)) end`)
}
