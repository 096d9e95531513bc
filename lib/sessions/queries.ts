import 'server-only'
import { z } from 'zod'
import type { ResearcherActor } from '@/lib/actor'
import { db, direct, Prisma, queryRows } from '@/lib/db'
import { sessionLimits } from '@/lib/sessions/session'

const seconds = (ms: number) => Prisma.sql`make_interval(secs => ${ms / 1_000}::double precision)`

/** SQL condition on a session `s`, with its person's current staff role `m`, if any. */
function withinLimits(): Prisma.Sql {
  const { researcher, staff } = sessionLimits
  return Prisma.sql`s.ended_at is null and s.expires_at > now()
    and s.created_at > now() - case when m.id is null then ${seconds(researcher.absoluteMs)} else ${seconds(staff.absoluteMs)} end
    and s.last_seen_at > now() - case when m.id is null then ${seconds(researcher.idleMs)} else ${seconds(staff.idleMs)} end`
}

const people = Prisma.sql`session s join researcher r on r.id = s.researcher_id
  left join staff_member m on m.orcid = r.orcid and m.ended_at is null`

const liveSession = z.object({
  id: z.string(),
  attemptId: z.string(),
  researcherId: z.string(),
  orcid: z.string(),
  name: z.string().nullable(),
  /** Null without a role, and then so is the role. */
  staffId: z.string().nullable(),
  role: z.enum(['viewer', 'manager', 'admin']).nullable(),
  departments: z.array(z.string()).nullable(),
  mayExport: z.boolean().nullable(),
  authenticatedAt: z.date().nullable(),
  secondFactor: z.boolean(),
  /** True for the first request, and a minute after the last update. */
  unseen: z.boolean(),
})

export type LiveSession = z.infer<typeof liveSession>

/** With its person's current role; null if the session has ended or exceeds the limits of that role. */
export async function findLiveSession(id: string): Promise<LiveSession | null> {
  const [row] = await queryRows(
    direct,
    liveSession,
    Prisma.sql`
    select s.id::text, s.attempt_id::text as "attemptId", r.id::text as "researcherId", r.orcid, r.name,
      m.id::text as "staffId", m.role::text, m.departments, m.may_export as "mayExport",
      s.authenticated_at as "authenticatedAt", s.second_factor as "secondFactor",
      s.browser is null or s.last_seen_at <= now() - interval '1 minute' as unseen
    from ${people} where s.id = ${id}::uuid and ${withinLimits()}`,
  )
  return row ?? null
}

/** Expired sessions that are not marked as ended yet. */
export function listOverdueSessions(most: number) {
  return queryRows(
    db(),
    z.object({ id: z.string(), researcherId: z.string() }),
    Prisma.sql`
    select s.id::text, r.id::text as "researcherId" from ${people}
    where s.ended_at is null and not (${withinLimits()}) limit ${most}`,
  )
}

const openSession = z.object({
  id: z.string(),
  createdAt: z.date(),
  lastSeenAt: z.date(),
  browser: z.string().nullable(),
})
export type OpenSession = z.infer<typeof openSession>

/** The actor's live sessions, last used first, at most 50. */
export function listMyOpenSessions(actor: Pick<ResearcherActor, 'orcid'>): Promise<OpenSession[]> {
  return queryRows(
    db(),
    openSession,
    Prisma.sql`
    select s.id::text, s.created_at as "createdAt", s.last_seen_at as "lastSeenAt", s.browser
    from ${people} where r.orcid = ${actor.orcid} and ${withinLimits()}
    order by s.last_seen_at desc, s.id limit 50`,
  )
}

/** All sessions of the actor, for their download. */
export function listMySessions(actor: ResearcherActor) {
  return db().session.findMany({
    where: { researcherId: actor.researcherId },
    orderBy: { createdAt: 'asc' },
    select: {
      id: true,
      attemptId: true,
      createdAt: true,
      lastSeenAt: true,
      browser: true,
      authenticatedAt: true,
      secondFactor: true,
      expiresAt: true,
      endedAt: true,
    },
  })
}
