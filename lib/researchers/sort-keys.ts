import 'server-only'
import { Prisma } from '@/lib/db'
import type { SortColumn } from '@/lib/researchers/schema'

/**
 * Sort keys, identical to the index expressions. They are never null, so that one comparison finds the next page. Names
 * use one collation in every database, independent of its default.
 */
export const toKey: Record<SortColumn, (value: Prisma.Sql) => Prisma.Sql> = {
  name: (value) => Prisma.sql`coalesce(${value}, U&'\\FFFF') collate "und-x-icu"`,
  connected: (value) => Prisma.sql`coalesce(${value}, '-infinity')`,
  confirmed: (value) => Prisma.sql`coalesce(${value}, '-infinity')`,
  expires: (value) => Prisma.sql`coalesce(${value}, 'infinity')`,
  checked: (value) => Prisma.sql`coalesce(${value}, '-infinity')`,
  withdrew: (value) => Prisma.sql`coalesce(${value}, '-infinity')`,
  orcid: (value) => value,
}

export const sortKeys: Record<SortColumn, Prisma.Sql> = {
  name: toKey.name(Prisma.sql`name`),
  connected: toKey.connected(Prisma.sql`first_connected_at`),
  confirmed: toKey.confirmed(Prisma.sql`last_confirmed_at`),
  expires: toKey.expires(Prisma.sql`expires_at`),
  checked: toKey.checked(Prisma.sql`last_checked_at`),
  withdrew: toKey.withdrew(Prisma.sql`withdrew_at`),
  orcid: Prisma.sql`orcid`,
}
