import 'server-only'
import { z } from 'zod'
import type { ResearcherActor, StaffActor } from '@/lib/actor'
import { db, Prisma, queryRows } from '@/lib/db'
import { lostAfterS } from '@/lib/exports/runs'

const myExport = z.object({ action: z.string(), at: z.date() })
export type MyExport = z.infer<typeof myExport>

/** Exports that contain the actor, newest first. */
export function listMyExports(actor: ResearcherActor, most: number): Promise<MyExport[]> {
  return listExports(actor, most)
}

/** As `listMyExports` without a limit, for the actor's own download. */
export function listAllMyExports(actor: ResearcherActor): Promise<MyExport[]> {
  return listExports(actor, null)
}

// The first and last ids of a part exclude most parts cheaply.
function listExports({ researcherId }: ResearcherActor, most: number | null): Promise<MyExport[]> {
  return queryRows(
    db(),
    myExport,
    Prisma.sql`
    select action, min(at) as at from export_part
    where (first_researcher_id <= ${researcherId}::uuid and last_researcher_id >= ${researcherId}::uuid
        and researcher_ids @> array[${researcherId}::uuid])
      or exists (select from person mine join person entry on mine.id in (entry.id, entry.merged_into_id)
        where mine.researcher_id = ${researcherId}::uuid
          and first_person_id <= entry.id and last_person_id >= entry.id and person_ids @> array[entry.id])
    group by export_id, action order by min(at) desc limit ${most}::int`,
  )
}

export type Run = {
  id: string
  action: string
  format: string
  filter: string
  searched: boolean
  state: 'running' | 'done' | 'cancelled' | 'failed'
  rows: number
  rowsExpected: number | null
  startedAt: Date
  endedAt: Date | null
  isStopping: boolean
  /** Null for the system. */
  startedBy: { orcid: string | null; name: string | null } | null
}

/** Newest first. A run whose process has died counts as failed. */
export async function listRuns(_actor: StaffActor, most: number): Promise<Run[]> {
  const runs = await db().exportRun.findMany({
    orderBy: [{ startedAt: 'desc' }, { id: 'asc' }],
    take: most,
    select: {
      id: true,
      action: true,
      format: true,
      filter: true,
      searched: true,
      state: true,
      rows: true,
      rowsExpected: true,
      startedAt: true,
      seenAt: true,
      endedAt: true,
      cancelAskedAt: true,
      startedBy: { select: { orcid: true, name: true } },
    },
  })
  const lostBefore = Date.now() - 1_000 * lostAfterS
  return runs.map(({ cancelAskedAt, seenAt, ...run }) => {
    const isLost = run.state === 'running' && seenAt.getTime() < lostBefore
    return {
      ...run,
      state: isLost ? 'failed' : run.state,
      endedAt: isLost ? seenAt : run.endedAt,
      isStopping: run.state === 'running' && cancelAskedAt !== null,
    }
  })
}
