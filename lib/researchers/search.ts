import 'server-only'
import { Prisma } from '@/lib/db'
import { toLikePattern } from '@/lib/search'

/**
 * Those with every word of `text` somewhere in their name or iD, in any script, without regard to accents and case, as
 * SQL about the table `researcher`. People paste the whole URI of an iD; its digits are searched for.
 */
export function searchCondition(text: string): Prisma.Sql {
  const words = text.split(/\s+/u).filter(Boolean)
  return words.length === 0 ? Prisma.sql`true` : Prisma.sql`(${Prisma.join(words.map(wordCondition), ' and ')})`
}

function wordCondition(word: string): Prisma.Sql {
  // Not in an iD, and too short for trigrams.
  const isShort = [...word.normalize('NFKD')].length <= 2 && !/[\dx-]/i.test(word)
  const anywhere = Prisma.sql`search_text like fold(${toLikePattern(word)})`
  return isShort ? Prisma.sql`(short_parts(fold(name)) @> array[fold(${word})] and ${anywhere})` : anywhere
}
