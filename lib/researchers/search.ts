import 'server-only'
import { Prisma } from '@/lib/db'

/**
 * Those with every word of `text` somewhere in their name or iD, in any script, without regard to accents and case, as
 * SQL about the table `researcher`. People paste the whole URI of an iD; its digits are searched for.
 */
export function searchCondition(text: string): Prisma.Sql {
  const words = text.split(/\s+/u).map((word) => word.replace(/^(https?:\/\/)?(sandbox\.)?orcid\.org\//i, ''))
  const parts = words.filter(Boolean).map(wordCondition)
  return parts.length === 0 ? Prisma.sql`true` : Prisma.sql`(${Prisma.join(parts, ' and ')})`
}

const marks = /\p{M}/gu

/** Words of one or two letters have no trigram. What may be part of an iD is not looked for by the parts of names. */
function wordCondition(word: string): Prisma.Sql {
  const anywhere = Prisma.sql`search_text like search_pattern(${word})`
  const isShort = [...word.normalize('NFKD').replace(marks, '')].length <= 2 && !/^[\dx-]+$/i.test(word)
  return isShort
    ? Prisma.sql`(short_parts("left"(search_text, -20)) @> short_parts(fold(${word})) and ${anywhere})`
    : anywhere
}
