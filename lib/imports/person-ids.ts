import 'server-only'
import { Prisma } from '@/lib/db'

/** A number as spreadsheets leave it, which take leading zeros away. */
export const withoutZeros = (number: string) => number.replace(/^0+(?=.)/, '')

/**
 * SQL: an array of the ids of people with one of these values. Each value is looked up in an index, also where nothing
 * is known yet of how many people have one, as after a first roster.
 */
export function idsOfPeople(wanted: {
  numbers: readonly string[]
  emails: readonly string[]
  orcids: readonly string[]
  knownOrcids?: readonly string[]
  /** As `fold` writes them. */
  names?: readonly string[]
}): Prisma.Sql {
  const { numbers, emails, orcids, knownOrcids = [], names = [] } = wanted
  const lookups = [
    lookup(Prisma.sql`local_id`, numbers),
    lookup(Prisma.sql`ltrim(local_id, '0')`, numbers.map(withoutZeros)),
    lookup(
      Prisma.sql`lower(email)`,
      emails.map((email) => email.toLowerCase()),
    ),
    lookup(Prisma.sql`orcid`, orcids),
    lookup(Prisma.sql`known_orcid`, knownOrcids),
    lookup(Prisma.sql`fold(given_name || ' ' || family_name)`, names),
  ]
  return Prisma.sql`array(${Prisma.join(lookups, ' union ')})`
}

const lookup = (column: Prisma.Sql, values: readonly string[]) => Prisma.sql`
  select hit.id from unnest(${[...values]}::text[]) as wanted
  cross join lateral (select id from person where ${column} = wanted offset 0) as hit`
