import 'server-only'
import { z } from 'zod'
import { type ResearcherActor, type SystemRight, systemRights } from '@/lib/actor'
import { db, Prisma, queryRows } from '@/lib/db'
import { listApiActors } from '@/lib/systems/authentication'
import { findCoverage, isAmongPeople, lacksTelling } from '@/lib/systems/coverage'
import { daysAfterTelling } from '@/lib/systems/system'
import { listNamedSystems } from '@/lib/texts/named-systems'
import type { NamedSystem } from '@/lib/texts/text'

export type MySystem = NamedSystem & {
  systemId: string
  contact: string
  /** What it may do for the actor now. */
  covered: SystemRight[]
  coveredScopes: string[]
  /** When more of its rights may be used; null if there are none that wait. */
  moreFrom: Date | null
  stop: { kind: 'paused' | 'stopped'; at: Date } | null
  /** The last time for the actor alone, by right, and that a list was read which they may have been in. */
  uses: { right: SystemRight; lastAt: Date; times: number }[]
  listReadAt: Date | null
  /** How often it gets a file. */
  files: 'daily' | 'weekly' | null
  /** What it wrote to their record, or has prepared: the last first, and not all. */
  wrote: Prisma.AffiliationGetPayload<{ select: typeof written }>[]
}

const use = z.object({ right: z.enum(systemRights), lastAt: z.date(), times: z.number() })
const wroteMost = 5

/** The systems that are for the actor, or have been stopped by them, in the order of their names. */
export async function listMySystems({ researcherId }: ResearcherActor, locale: string): Promise<MySystem[]> {
  const [actors, named] = await Promise.all([listApiActors(db()), listNamedSystems(locale)])
  const found = await Promise.all(
    actors.map(async (api): Promise<MySystem[]> => {
      const words = named.find(({ termId }) => termId === api.termId)
      const [mine] = await queryRows(
        db(),
        z.object({
          personId: z.string(),
          isMine: z.boolean(),
          waits: z.boolean(),
          toldAt: z.date().nullable(),
          contact: z.string(),
          stop: z.enum(['paused', 'stopped']).nullable(),
          stoppedAt: z.date().nullable(),
          listReadAt: z.date().nullable(),
          files: z.enum(['daily', 'weekly']).nullable(),
        }),
        Prisma.sql`
          select person.id::text as "personId", ${isAmongPeople(api)} as "isMine",
            ${lacksTelling(api, daysAfterTelling)} as waits, s.contact, x.kind::text as stop, x.at as "stoppedAt",
            (select told_at from system_notice n
              where n.researcher_id = person.researcher_id and n.term_id = ${api.termId}::uuid) as "toldAt",
            (select max(last_at) from system_use u
              where u.system_id = s.id and u.researcher_id is null and u.last_at >= person.authenticated_at) as "listReadAt",
            (select min(every)::text from export_plan e
              where e.system_id = s.id and e.ended_at is null and e.ends_on >= current_date) as files
          from person cross join system s left join system_stop x
            on x.system_id = s.id and x.researcher_id = person.researcher_id
          where person.researcher_id = ${researcherId}::uuid and s.id = ${api.systemId}::uuid`,
      )
      if (!words || !mine || !(mine.isMine || mine.stop)) return []
      const [coverage, uses, wrote] = await Promise.all([
        findCoverage(db(), api, mine.personId),
        listUses(api.systemId, researcherId),
        listWrites(api.systemId, researcherId),
      ])
      return [
        {
          ...words,
          systemId: api.systemId,
          contact: mine.contact,
          covered: coverage.rights,
          coveredScopes: coverage.scopes,
          moreFrom: mine.isMine && mine.waits ? addDays(mine.toldAt ?? new Date()) : null,
          stop: mine.stop && mine.stoppedAt && { kind: mine.stop, at: mine.stoppedAt },
          uses,
          listReadAt: coverage.rights.some((right) => right === 'people:read') ? mine.listReadAt : null,
          files: mine.files,
          wrote,
        },
      ]
    }),
  )
  return found.flat()
}

const addDays = (at: Date) => new Date(at.getTime() + daysAfterTelling * 86_400_000)

function listUses(systemId: string, researcherId: string) {
  return queryRows(
    db(),
    use,
    Prisma.sql`
      select "right", max(last_at) as "lastAt", sum(times)::int as times from system_use
      where system_id = ${systemId}::uuid and researcher_id = ${researcherId}::uuid
      group by "right" order by max(last_at) desc`,
  )
}

const written = { id: true, kind: true, title: true, state: true, changedAt: true } as const

function listWrites(systemId: string, researcherId: string) {
  return db().affiliation.findMany({
    where: { systemId, researcherId },
    orderBy: [{ changedAt: 'desc' }, { id: 'asc' }],
    take: wroteMost,
    select: written,
  })
}

/** Everything about systems that is held about the actor, for their download. */
export async function listMySystemsForDownload({ researcherId }: ResearcherActor) {
  const name = { select: { name: true } }
  const [notices, stops, uses] = await Promise.all([
    db().systemNotice.findMany({
      where: { researcherId },
      orderBy: [{ term: { madeAt: 'asc' } }, { termId: 'asc' }],
      select: {
        toldAt: true,
        term: { select: { number: true, purpose: true, rights: true, scopes: true, system: name } },
      },
    }),
    db().systemStop.findMany({
      where: { researcherId },
      orderBy: { at: 'asc' },
      select: { kind: true, at: true, system: name },
    }),
    db().systemUse.findMany({
      where: { researcherId },
      orderBy: { id: 'asc' },
      select: { right: true, usedOn: true, times: true, lastAt: true, system: name },
    }),
  ])
  return { notices, stops, uses: uses.map((one) => ({ ...one, usedOn: one.usedOn.toISOString().slice(0, 10) })) }
}
