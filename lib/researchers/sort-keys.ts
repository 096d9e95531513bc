import 'server-only'
import { Prisma } from '@/lib/db'
import type { SortColumn } from '@/lib/researchers/schema'

/**
 * What an order sorts by, word for word as its index has it. It is never null, so that one comparison finds the next page:
 * no day counts as before all days, and no name and no end as after all of them. Names have one collation in every
 * database, whatever the operator's default is: letters of all scripts in dictionary order.
 */
export const toKey: Record<SortColumn, (value: Prisma.Sql) => Prisma.Sql> = {
  name: (value) => Prisma.sql`coalesce(${value}, U&'\\FFFF') collate "und-x-icu"`,
  connected: (value) => Prisma.sql`coalesce(${value}, '-infinity')`,
  expires: (value) => Prisma.sql`coalesce(${value}, 'infinity')`,
  checked: (value) => Prisma.sql`coalesce(${value}, '-infinity')`,
  withdrew: (value) => Prisma.sql`coalesce(${value}, '-infinity')`,
  orcid: (value) => value,
}

export const sortKeys: Record<SortColumn, Prisma.Sql> = {
  name: toKey.name(Prisma.sql`name`),
  connected: toKey.connected(Prisma.sql`first_connected_at`),
  expires: toKey.expires(Prisma.sql`expires_at`),
  checked: toKey.checked(Prisma.sql`last_checked_at`),
  withdrew: toKey.withdrew(Prisma.sql`withdrew_at`),
  orcid: Prisma.sql`orcid`,
}
