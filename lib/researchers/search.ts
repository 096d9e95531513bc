import 'server-only'
import { Prisma } from '@/lib/db'

/**
 * Those with every word of `text` somewhere in their name, iD or local identifier, in any script, without regard to accents
 * and case, as SQL about the table `researcher`. A word of one or two characters begins a word there: an index of three
 * characters finds no less. A word of which nothing is left finds nobody.
 */
export function searchCondition(text: string): Prisma.Sql {
  const words = text.trim().split(/\s+/u).map(toDigits)
  return Prisma.sql`(${Prisma.join(
    words.map((word) => Prisma.sql`search_text like search_pattern(${word})`),
    ' and ',
  )})`
}

/** People paste the whole URI of an iD, or leave the hyphens out: what is searched for are its digits as we keep them. */
function toDigits(word: string): string {
  const id = word.replace(/^(https?:\/\/)?(sandbox\.)?orcid\.org\//i, '')
  return /^\d{15}[\dx]$/i.test(id) ? id.replace(/(.{4})(?=.)/g, '$1-') : id
}
