import 'server-only'
import { Prisma } from '@/lib/db'
import { findOrcid } from '@/lib/orcid/id'

/**
 * SQL on the table `person`. An iD in any form finds that person. Otherwise each word of `text` occurs in the name,
 * iD, local identifier or department, ignoring accents, case and German spellings (`Schroeder` is Schröder). Words of one
 * or two characters match only at word starts, because the index has trigrams. A word without searchable characters
 * finds nobody.
 */
export function searchCondition(text: string): Prisma.Sql {
  const orcid = findOrcid(text)
  if (orcid) return Prisma.sql`orcid = ${orcid}`
  return Prisma.sql`(${Prisma.join(
    toWords(text).map((word) => wordCondition(word)),
    ' and ',
  )})`
}

/** The word occurs in a text that `search_text_of` made. */
export const wordCondition = (word: string, searchText = Prisma.sql`search_text`) =>
  /[äöüåø]/i.test(word)
    ? Prisma.sql`(${searchText} like search_pattern(${word}) or ${searchText} like search_pattern(spell_out(${word})))`
    : Prisma.sql`${searchText} like search_pattern(${word})`

/** Names are also written as `Family, Given`, and iDs with other dashes. */
export function toWords(text: string): string[] {
  const words = text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/[\p{Pd}\u2212]/gu, '-')
    .split(/[\s\p{Z}]+/u)
    .map((word) => word.replace(/^[,;]+|[,;]+$/g, ''))
    .filter(Boolean)
  return words.length > 0 ? words : [text]
}
