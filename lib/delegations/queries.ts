import 'server-only'
import { z } from 'zod'
import type { ApiActor, ResearcherActor, StaffActor } from '@/lib/actor'
import { db, Prisma, queryRows } from '@/lib/db'
import { covered } from '@/lib/systems/coverage'

const released = z.object({
  id: z.string(),
  personId: z.string(),
  orcid: z.string(),
  receiver: z.string(),
  scopes: z.array(z.string()),
  at: z.date(),
  endedAt: z.date().nullable(),
})
export type Released = z.infer<typeof released>

/** What was released to the system, about people who let it, by id. */
export function listSystemReleases(
  actor: ApiActor,
  { personId, afterId, limit }: { personId?: string; afterId?: string; limit: number },
): Promise<Released[]> {
  const parts = [Prisma.sql`d.system_id = ${actor.systemId}::uuid`, covered(actor, 'token:delegate')]
  if (personId) parts.push(Prisma.sql`person.id = ${personId}::uuid`)
  if (afterId) parts.push(Prisma.sql`d.id > ${afterId}::uuid`)
  return queryRows(
    db(),
    released,
    Prisma.sql`
      select d.id::text, person.id::text as "personId", person.orcid, d.receiver, d.scopes, d.at, d.ended_at as "endedAt"
      from delegation d join person on person.researcher_id = d.researcher_id
      where ${Prisma.join(parts, ' and ')} order by d.id limit ${limit}`,
  )
}

const shown = { id: true, systemId: true, receiver: true, scopes: true, at: true, endedAt: true } as const
const shownMost = 10

export type MyDelegations = {
  receiver: string | null
  /** How many, and the newest of them. */
  count: number
  newest: { id: string; at: Date; endedAt: Date | null }[]
}

/** What was released about the actor to a system. */
export async function findMyDelegations({ researcherId }: ResearcherActor, systemId: string): Promise<MyDelegations> {
  const where = { researcherId, systemId }
  const [system, count, newest] = await Promise.all([
    db().system.findUnique({ where: { id: systemId }, select: { receiver: true } }),
    db().delegation.count({ where }),
    db().delegation.findMany({ where, orderBy: [{ at: 'desc' }, { id: 'desc' }], take: shownMost, select: shown }),
  ])
  return { receiver: system?.receiver ?? null, count, newest }
}

/** All of them, for the actor's download. */
export function listMyDelegationsForDownload({ researcherId }: ResearcherActor) {
  return db().delegation.findMany({
    where: { researcherId },
    orderBy: [{ at: 'asc' }, { id: 'asc' }],
    select: { key: true, receiver: true, scopes: true, at: true, endedAt: true, system: { select: { name: true } } },
  })
}

const counted = z.object({ releases: z.number(), people: z.number(), lastAt: z.date().nullable() })

/** How much was released to a system. Releases that ended count as well, so that no number tells who withdrew. */
export async function countReleases(_actor: StaffActor, systemId: string) {
  const [row] = await queryRows(
    db(),
    counted,
    Prisma.sql`
      select count(*)::int as releases, count(distinct researcher_id)::int as people, max(at) as "lastAt"
      from delegation where system_id = ${systemId}::uuid`,
  )
  return row ?? { releases: 0, people: 0, lastAt: null }
}
