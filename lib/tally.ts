import 'server-only'
import { db, Prisma, type TallyKind } from '@/lib/db'

export type Counted = { kind: TallyKind; day: string | null; key: unknown; count: number }

/**
 * How many rows there are of each sort, exact at any time. `days` are calendar days in UTC, the first and the last of
 * those that are asked for; what there is none of is left out.
 */
export function readTallies(kinds: readonly TallyKind[], days?: { from: string; to: string }): Promise<Counted[]> {
  const within = days ? Prisma.sql`and day between ${days.from}::date and ${days.to}::date` : Prisma.empty
  return db().$queryRaw<Counted[]>`
    select kind::text, day::text, key, sum(delta)::int as count from tally
    where kind = any(${[...kinds]}::tally_kind[]) ${within}
    group by kind, day, key having sum(delta) <> 0 order by kind, day, key`
}

/** Adds up what has been written since the last time, so that reading stays cheap. Nobody waits for it. */
async function compactTallies(): Promise<void> {
  await db().$executeRaw`
    with many as (select kind, day, key from tally group by kind, day, key having count(*) > 1),
    gone as (
      delete from tally using many
      where tally.kind = many.kind and tally.day is not distinct from many.day and tally.key = many.key
      returning tally.*)
    insert into tally (kind, day, key, delta)
    select kind, day, key, sum(delta) from gone group by kind, day, key having sum(delta) <> 0`
}

/** `compact-tallies` keeps the tallies short. */
export const tallyJobs = {
  handlers: { 'compact-tallies': compactTallies },
  timetable: '*/10 * * * * compact-tallies',
}
