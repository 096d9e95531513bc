import 'server-only'
import { z } from 'zod'
import type { ApiActor } from '@/lib/actor'
import { openCursor, sealCursor } from '@/lib/api/cursor'
import { isSeen, personObject } from '@/lib/api/person-object'
import { ApiProblem } from '@/lib/api/problem'
import { hashSecret } from '@/lib/crypto/secrets'
import { direct, Prisma, type Queryable, queryRows } from '@/lib/db'
import { numberChanges } from '@/lib/webhooks/positions'

const cursorDays = 90
const dayMs = 86_400_000

/** From where a copy of the list goes on. */
export const changesPoint = z.object({
  position: z.number(),
  /** Of restores and failovers, which lose changes. */
  generation: z.string(),
  /** A digest of what the system may see; every change of it begins a new copy. */
  coverage: z.string(),
  at: z.number(),
})
export type ChangesPoint = z.infer<typeof changesPoint>

/** A digest of whom a system may see, apart from what people decide. */
export const coverageOf = ({ scopes, departments, kinds, purposeNumber }: ApiActor) =>
  hashSecret(JSON.stringify([scopes, departments, kinds, purposeNumber])).slice(0, 16)

const stateRow = z.object({ first: z.number(), last: z.number(), generation: z.string(), hasNew: z.boolean() })

async function readLogState(tx: Queryable) {
  const [state] = await queryRows(
    tx,
    stateRow,
    Prisma.sql`
      select coalesce((select min(position) from change_log), 1)::float8 as first,
        coalesce((select max(position) from change_log), 0)::float8 as last,
        concat_ws('/', (select id from restore order by found_at desc limit 1),
          (select id from failover order by found_at desc limit 1)) as generation,
        exists (select from change_log where position is null and at <= now() + interval '1 millisecond') as "hasNew"`,
  )
  if (!state) throw new Error('The state of the change log is one row')
  return state
}

/** The state after what is new has its positions. */
async function settleLog() {
  const state = await readLogState(direct)
  if (!state.hasNew) return state
  await numberChanges()
  return readLogState(direct)
}

/** The end of the log now. Read before the list itself, so that nothing is missed in between. */
export async function findLogEnd(actor: ApiActor): Promise<ChangesPoint> {
  const { last, generation } = await settleLog()
  return { position: last, generation, coverage: coverageOf(actor), at: Date.now() }
}

export const sealPoint = (actor: ApiActor, point: ChangesPoint) => sealCursor(actor.systemId, 'changes', point)

/** @throws ApiProblem `cursor_expired` if changes since then may be missing */
async function openPoint(actor: ApiActor, text: string): Promise<ChangesPoint> {
  const point = await openCursor(actor.systemId, 'changes', changesPoint, text)
  const { first, last, generation } = await settleLog()
  const reason =
    point.generation !== generation || point.position > last
      ? 'The database was restored since.'
      : point.coverage !== coverageOf(actor)
        ? 'What this system may see was changed since.'
        : point.at < Date.now() - cursorDays * dayMs || point.position < first - 1
          ? `Changes are kept for ${cursorDays} days.`
          : null
  if (reason) throw new ApiProblem('cursor_expired', { detail: `${reason} Read GET /people from its first page.` })
  return point
}

const pageRow = z.object({ items: z.string(), last: z.number().nullable(), rows: z.number() })

export type ChangesPage = { items: string; cursor: string; hasMore: boolean }

/** Everybody who changed since the cursor, as they are now, or a tombstone; each at most once. `items` is JSON. */
export async function readChanges(actor: ApiActor, cursor: string, limit: number): Promise<ChangesPage> {
  const point = await openPoint(actor, cursor)
  const [page] = await queryRows(direct, pageRow, pageSql(actor, point.position, limit))
  const rows = page?.rows ?? 0
  const position = page?.last ?? point.position
  return {
    items: page?.items ?? '[]',
    cursor: await sealPoint(actor, { ...point, position, at: Date.now() }),
    hasMore: rows === limit,
  }
}

const pageSql = (actor: ApiActor, position: number, limit: number) => Prisma.sql`
  with change as (
    select position, person_id, into_id from change_log
    where position > ${position}::bigint and (system_id is null or system_id = ${actor.systemId}::uuid)
    order by position limit ${limit}),
  latest as (
    select distinct on (person_id) person_id, into_id, position from change order by person_id, position desc),
  seen as materialized (
    select person.id, ${personObject()} as object from person
    where person.id = any(array(select person_id from latest)) and ${isSeen(actor)})
  select coalesce(json_agg(case when seen.id is not null then seen.object else json_build_object(
      'id', latest.person_id, 'deleted', true,
      'reason', case when entry.id is null and latest.into_id is null then 'erased'
        when coalesce(latest.into_id, entry.merged_into_id) is not null then 'merged' else 'not_covered' end,
      'replaced_by', coalesce(latest.into_id, entry.merged_into_id)) end order by latest.position), '[]')::text as items,
    (select max(position) from change)::float8 as last, (select count(*)::int from change) as rows
  from latest left join seen on seen.id = latest.person_id left join person entry on entry.id = latest.person_id`
