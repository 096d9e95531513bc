import 'server-only'
import { Prisma } from '@/lib/db'

/** Whether rows are looked for, only counted, or judged one after another as others lead to them. */
export type How = 'find' | 'count' | 'walk'

/**
 * Those with every word of `text` somewhere in their name or iD, in any script, without regard to accents and case, as
 * SQL about the table `researcher`. People paste the whole URI of an iD; its digits are searched for.
 */
export function searchCondition(text: string, how: How): Prisma.Sql {
  const words = text.split(/\s+/u).map((word) => word.replace(/^(https?:\/\/)?(sandbox\.)?orcid\.org\//i, ''))
  const parts = words.filter(Boolean).map((word) => wordCondition(word, how))
  // A lone accent or the address of orcid.org: nothing is left to search for, and the pattern of nothing would be everybody.
  if (parts.length === 0) return Prisma.sql`false`
  return Prisma.sql`(fold(${words.join('')}) ~ '\\S' and ${Prisma.join(parts, ' and ')})`
}

const marks = /\p{M}/gu
// One or two letters that stay as many when they are folded, as those of ß and æ do not.
const isPart = /^([a-z]|(?!\p{Script=Latin})\p{L}){1,2}$/iu

/**
 * Words of one or two letters have no trigram. What may be part of an iD is not looked for by the parts of names. A part
 * by itself says it all, and tells PostgreSQL how many there are. The same in other words is quick to rule out those whom a
 * walk passes; it makes PostgreSQL expect half as many, and as a plain `like` it would make that far fewer.
 */
function wordCondition(word: string, how: How): Prisma.Sql {
  // In a query of its own the word is folded once, and not for each row.
  if (how === 'walk') return Prisma.sql`search_text like (select search_pattern(${word}))`
  const anywhere = Prisma.sql`search_text like search_pattern(${word})`
  const parts = Prisma.sql`short_parts("left"(search_text, -20))`
  if ([...word.normalize('NFKD').replace(marks, '')].length > 2 || /^[\dx-]+$/i.test(word)) return anywhere
  if (!isPart.test(word)) return Prisma.sql`(${parts} @> short_parts(fold(${word})) and ${anywhere})`
  const isPartOf = Prisma.sql`${parts} @> array[fold(${word})]`
  return how === 'count' ? isPartOf : Prisma.sql`(${isPartOf} and (${anywhere}) is distinct from false)`
}
