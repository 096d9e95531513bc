import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { dayOf, daysAgo, endOfDay } from '@/lib/config/day'
import { env } from '@/lib/config/env'
import { db, Prisma, queryRows } from '@/lib/db'

/** Writes the figures of past days that have none; never changes written figures. */
export async function writeDailyFigures(now = new Date()): Promise<void> {
  const { timeZone } = env().institution
  await db().$executeRaw`select write_daily_figures(${timeZone}, ${daysAgo(1, now)}::date)`
}

/** Twice an hour, because midnight depends on the institution's time zone. */
export const figureJobs = {
  handlers: { 'write-daily-figures': () => writeDailyFigures() },
  timetable: '3,33 * * * * write-daily-figures',
}

const dayFigure = z.object({
  day: z.string(),
  figure: z.enum(['connected', 'first_connected', 'withdrew']),
  value: z.number(),
})

export type DayFigure = z.infer<typeof dayFigure>

/**
 * Figures from a day on. For days without written figures, such as today, it counts first connections and withdrawals
 * in the current rows.
 */
export async function listDayFigures(_actor: StaffActor, from: string): Promise<DayFigure[]> {
  const written = await queryRows(
    db(),
    dayFigure,
    Prisma.sql`
      select day::text, figure::text, sum(value)::int as value from daily_figure where day >= ${from}::date and figure in ('connected', 'first_connected', 'withdrew') group by 1, 2
      union all select max(day)::text, 'withdrew', 0 from daily_figure where figure = 'connected' having max(day) is not null`,
  )
  const [last] = written
    .map(({ day }) => day)
    .toSorted()
    .reverse()
  return [...written, ...(await listUnwritten(last))]
}

function listUnwritten(last: string | undefined): Promise<DayFigure[]> {
  const since = last ? Prisma.sql`>= ${endOfDay(last)}` : Prisma.sql`is not null`
  const flow = (figure: string, column: Prisma.Sql) => Prisma.sql`
    select ${dayOf(column)}::text as day, ${figure} as figure, count(*)::int as value from person
    where ${column} ${since} and listed and connection is not null group by 1`
  return queryRows(
    db(),
    dayFigure,
    Prisma.sql`${flow('first_connected', Prisma.sql`first_connected_at`)}
      union all ${flow('withdrew', Prisma.sql`withdrew_at`)}`,
  )
}
