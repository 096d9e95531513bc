import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { env } from '@/lib/config/env'
import { db, Prisma, queryRows } from '@/lib/db'
import { type Counted, countCached } from '@/lib/figures/cached-count'
import { departmentCondition, isLimited, seesDepartment, visibilityKey, visibleTo } from '@/lib/list/visible'
import { isOurs, isUnrostered } from '@/lib/people/condition'
import { type PersonKind, personKinds } from '@/lib/people/person'
import { type ConnectionFilter, noPeopleFilters, type PeopleFilters } from '@/lib/people/schema'
import { addShares, type Share } from '@/lib/people/units'

const row = z.object({
  department: z.string().nullable(),
  kind: z.enum(personKinds).nullable(),
  onRoster: z.boolean(),
  people: z.number(),
  connected: z.number(),
})
export type CoverageRow = z.infer<typeof row>

/** With public credentials nobody can allow more than their iD. */
const connectedState = () => (env().orcid.api === 'member' ? 'connected' : 'identity_only')

/** The filter of the list of people for those who count as connected. */
export const connectedFilter = (): ConnectionFilter => (env().orcid.api === 'member' ? 'connected' : 'identity-only')

/** Our people: on the roster, and neither paused nor gone. With what narrows them down further. */
export const ourPeople = (filters: Partial<PeopleFilters> = {}): PeopleFilters => ({
  ...noPeopleFilters,
  roster: 'current',
  ...filters,
})

/** How many people there are and how many of them are connected, by department and kind; and who is on no roster. */
export function countCoverage(actor: StaffActor): Promise<Counted<CoverageRow[]>> {
  const isConnected = Prisma.sql`connection = ${connectedState()}::researcher_state`
  return countCached(`coverage ${visibilityKey(actor)}`, () =>
    queryRows(
      db(),
      row,
      Prisma.sql`
        select department, kind::text, true as "onRoster", count(*)::int as people,
          count(*) filter (where ${isConnected})::int as connected
        from person where ${isOurs} and ${visibleTo(actor)} group by department, kind
        union all
        select department, null, false, count(*)::int, count(*) filter (where ${isConnected})::int
        from person where ${isUnrostered} and ${visibleTo(actor)} group by department`,
    ),
  )
}

export type KindShare = Share & { kind: PersonKind }

/** By kind, those that there are. */
export const toKinds = (rows: readonly CoverageRow[]): KindShare[] =>
  personKinds
    .map((kind) => ({ kind, ...addShares(rows.filter((each) => each.onRoster && each.kind === kind)) }))
    .filter(({ people }) => people > 0)

/** All that are on the roster, or all that are on none. */
export const sumCoverage = (rows: readonly CoverageRow[], onRoster = true): Share =>
  addShares(rows.filter((each) => each.onRoster === onRoster))

const stateRow = z.object({
  connection: z.enum(['connected', 'identity_only', 'withdrawn', 'expired']).nullable(),
  scopes: z.array(z.string()),
  count: z.number(),
})

/** Our people of a department and all below it, by connection and live permissions. */
export function countUnitStates(actor: StaffActor, department: string): Promise<Counted<z.infer<typeof stateRow>[]>> {
  return countCached(`department ${visibilityKey(actor)} ${department}`, () =>
    queryRows(
      db(),
      stateRow,
      Prisma.sql`
        select connection::text, live_scopes as scopes, count(*)::int as count from person
        where ${isOurs} and ${departmentCondition(department)} and ${visibleTo(actor)} group by 1, 2`,
    ),
  )
}

const figure = z.object({ dimension: z.string(), day: z.string(), people: z.number(), connected: z.number() })
export type CoverageFigure = z.infer<typeof figure>

/** Whose figures of past days are meant: everybody, a kind, or a department with all below it. */
export const dimensionOf = (whose: { kind: PersonKind } | { department: string } | null): string =>
  whose === null ? '' : 'kind' in whose ? `kind/${whose.kind}` : `department/${whose.department}`

const mayKnow = (actor: StaffActor, dimension: string) =>
  !isLimited(actor) ||
  (dimension.startsWith('department/') && seesDepartment(actor, dimension.slice('department/'.length)))

/** Coverage at the end of past days, oldest first. For limited people only that of departments that they see. */
export async function listCoverageFigures(
  actor: StaffActor,
  dimensions: readonly string[],
  from: string,
): Promise<CoverageFigure[]> {
  const seen = dimensions.filter((dimension) => mayKnow(actor, dimension))
  // With public credentials nobody was connected by what is written.
  if (env().orcid.api === 'public' || seen.length === 0) return []
  return queryRows(
    db(),
    figure,
    Prisma.sql`
      select dimension, day::text, people.value as people, connected.value as connected
      from daily_figure people join daily_figure connected using (dimension, day)
      where people.figure = 'people' and connected.figure = 'people_connected'
        and dimension = any(${seen}::text[]) and day >= ${from}::date
      order by day`,
  )
}
