import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { type AffiliationState, affiliationStates, coveringScopes, openStates } from '@/lib/affiliations/affiliation'
import { db, Prisma, queryRows } from '@/lib/db'
import { itemChange } from '@/lib/imports/item-change'

const waiting = z.object({ person: z.number(), permission: z.number() })
export type Waiting = z.infer<typeof waiting>

/** How many new and changed items of a file would wait: for people to connect, or for a permission of theirs. */
export async function countWaiting(_actor: StaffActor, importId: string): Promise<Waiting> {
  const [counts] = await queryRows(
    db(),
    waiting,
    Prisma.sql`
      select count(*) filter (where researcher_id is null)::int as person,
        count(*) filter (where researcher_id is not null and not (live_scopes && ${coveringScopes.create}::text[]
          and live_scopes && ${coveringScopes.update}::text[]))::int as permission
      from import_row r join person p on p.id = coalesce(r.person_id, r.near_id)
      where import_id = ${importId}::uuid and verdict in ('added', 'changed', 'perhaps')`,
  )
  return counts ?? { person: 0, permission: 0 }
}

export type ItemProgress = { all: number; open: number; states: { state: AffiliationState; count: number }[] }

const stateCount = z.object({ state: z.enum(affiliationStates), count: z.number() })
const open: readonly string[] = openStates

/** How far the items of a saved import have got. */
export async function findItemProgress(_actor: StaffActor, importId: string): Promise<ItemProgress> {
  const states = await queryRows(
    db(),
    stateCount,
    Prisma.sql`
      select a.state::text, count(*)::int as count from import_row r join affiliation a on a.id = r.item_id
      where import_id = ${importId}::uuid and verdict in ('added', 'changed', 'removed') group by 1 order by 2 desc, 1`,
  )
  const sum = (of: typeof states) => of.reduce((total, { count }) => total + count, 0)
  return { all: sum(states), open: sum(states.filter(({ state }) => open.includes(state))), states }
}

const left = z.object({
  line: z.number(),
  verdict: z.enum(['added', 'changed', 'removed']),
  itemId: z.string(),
  name: z.string().nullable(),
  title: z.string(),
  state: z.enum(affiliationStates),
  removal: z.string().nullable(),
  before: itemChange,
})
export type LeftItem = z.infer<typeof left>

export const leftMax = 500

/** What undoing an import left, because ORCID had it already or somebody has changed it since. By line. */
export function listLeftItems(_actor: StaffActor, importId: string): Promise<LeftItem[]> {
  return queryRows(
    db(),
    left,
    Prisma.sql`
      select line, verdict::text, a.id::text as "itemId", r.name, a.title, a.state::text, a.removal::text,
        coalesce(r.before, '{}') as before
      from import_row r join affiliation a on a.id = r.item_id
      where import_id = ${importId}::uuid and verdict in ('added', 'changed', 'removed') order by line limit ${leftMax}`,
  )
}
