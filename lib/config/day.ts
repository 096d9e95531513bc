import { env } from '@/lib/config/env'
import { Prisma } from '@/lib/db'

// Days such as `2026-11-22` are in the institution's time zone.

const timeZone = () => env().institution.timeZone

/** Returns the day of a moment. */
export function toDay(at: Date, zone = timeZone()): string {
  // The Swedish format is ISO 8601.
  return new Intl.DateTimeFormat('sv', { timeZone: zone, dateStyle: 'short' }).format(at)
}

/** Returns the day that lies `days` before that of `now`. */
export function daysAgo(days: number, now: Date, zone = timeZone()): string {
  const date = new Date(toDay(now, zone))
  date.setUTCDate(date.getUTCDate() - days)
  return date.toISOString().slice(0, 10)
}

/** The first moment of the day, as SQL. */
export const startOfDay = (day: string) => Prisma.sql`(${day}::date::timestamp at time zone ${timeZone()}::text)`

/** The start of the next day, as SQL. */
export const endOfDay = (day: string) => Prisma.sql`((${day}::date + 1)::timestamp at time zone ${timeZone()}::text)`

/** `at` must be a timestamptz. */
export const dayOf = (at: Prisma.Sql) => Prisma.sql`(${at} at time zone ${timeZone()}::text)::date`
