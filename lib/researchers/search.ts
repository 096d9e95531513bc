import 'server-only'
import { Prisma } from '@/lib/db'

/**
 * SQL on the table `researcher`: each word of `text` occurs in the name, iD or local identifier, ignoring accents and
 * case. Words of one or two characters match only at word starts, because the index has trigrams. A word
 * without searchable characters finds nobody.
 */
export function searchCondition(text: string): Prisma.Sql {
  const words = text.trim().split(/\s+/u).map(toDigits)
  return Prisma.sql`(${Prisma.join(
    words.map((word) => Prisma.sql`search_text like search_pattern(${word})`),
    ' and ',
  )})`
}

/** Accepts an iD as a URI or without hyphens. */
function toDigits(word: string): string {
  const id = word.replace(/^(https?:\/\/)?(sandbox\.)?orcid\.org\//i, '')
  return /^\d{15}[\dx]$/i.test(id) ? id.replace(/(.{4})(?=.)/g, '$1-') : id
}
