import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { env } from '@/lib/config/env'
import { dayOf, daysAgo, endOfDay } from '@/lib/day'
import { db, Prisma, queryRows } from '@/lib/db'

/** Writes the figures of each day that is over and has none yet; no past day is written again. */
export async function writeDailyFigures(now = new Date()): Promise<void> {
  const { timeZone } = env().institution
  await db().$executeRaw`select write_daily_figures(${timeZone}, ${daysAgo(1, now)}::date)`
}

/** `write-daily-figures` writes down how many people there were on a day, soon after its end wherever that is. */
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
 * The figures of each day from one on: as they were written, and for the days that are not written yet, today among them,
 * who connected for the first time and who withdrew as the rows have it now.
 */
export async function listDayFigures(_actor: StaffActor, from: string): Promise<DayFigure[]> {
  const written = await queryRows(
    db(),
    dayFigure,
    Prisma.sql`
      select day::text, figure::text, sum(value)::int as value from daily_figure where day >= ${from}::date group by 1, 2
      union all select max(day)::text, 'withdrew', 0 from daily_figure having max(day) is not null`,
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
    select ${dayOf(column)}::text as day, ${figure} as figure, count(*)::int as value from researcher
    where ${column} ${since} and not staff_only group by 1`
  return queryRows(
    db(),
    dayFigure,
    Prisma.sql`${flow('first_connected', Prisma.sql`first_connected_at`)}
      union all ${flow('withdrew', Prisma.sql`withdrew_at`)}`,
  )
}
