import { env } from '@/lib/config/env'
import { Prisma } from '@/lib/db'

// Days, `2026-11-22`, are those of the institution's time zone.

const timeZone = () => env().institution.timeZone

/** The day that a moment is in. */
export function toDay(at: Date, zone = timeZone()): string {
  // Swedes write a day as ISO 8601 has it.
  return new Intl.DateTimeFormat('sv', { timeZone: zone, dateStyle: 'short' }).format(at)
}

/** The day so many days before the one that `now` is in. */
export function daysAgo(days: number, now: Date, zone = timeZone()): string {
  const date = new Date(toDay(now, zone))
  date.setUTCDate(date.getUTCDate() - days)
  return date.toISOString().slice(0, 10)
}

/** The moment at which a day begins, as SQL. */
export const startOfDay = (day: string) => Prisma.sql`(${day}::date::timestamp at time zone ${timeZone()}::text)`

/** The moment at which it ends, as SQL: the first of the next day. */
export const endOfDay = (day: string) => Prisma.sql`((${day}::date + 1)::timestamp at time zone ${timeZone()}::text)`

/** The day that a moment is in, as SQL: `at` gives a timestamptz. */
export const dayOf = (at: Prisma.Sql) => Prisma.sql`(${at} at time zone ${timeZone()}::text)::date`
