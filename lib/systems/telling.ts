import 'server-only'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { ApiActor, ResearcherActor, StaffActor } from '@/lib/actor'
import { recordEvents } from '@/lib/audit/commands'
import { env } from '@/lib/config/env'
import { db, inTransaction, isStatementTimeout, Prisma, queryRows, type Tx, withListTimeout } from '@/lib/db'
import { countSentToday } from '@/lib/mail/claim'
import { enqueueMails, isMailStopped } from '@/lib/mail/outbox'
import { type SystemNoticeValues, systemNotice } from '@/lib/mail/system-notice'
import { findApiActor, listApiActors } from '@/lib/systems/authentication'
import { covered, isAmongPeople, isServed, lacksTelling } from '@/lib/systems/coverage'
import { daysAfterTelling } from '@/lib/systems/system'
import { describeSystem } from '@/lib/texts/mail-words'
import { listNamedSystems } from '@/lib/texts/named-systems'

const batchSize = 500

/**
 * Tells connected people by mail of systems, rights and purposes that are new to them: each once, at most as many a day
 * as other mail. Who has no address, or gets no mail, is told on their page.
 */
export async function tellByMail(): Promise<void> {
  if (!env().mail || (await isMailStopped())) return
  for (const actor of await listApiActors(db())) {
    while ((await tellSome(actor)) === batchSize);
  }
}

/** Returns how many were enqueued. */
async function tellSome(actor: ApiActor): Promise<number> {
  const about = await sayAll(actor)
  return inTransaction(async (tx) => {
    // One process at a time, so that together they do not pass the limit.
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended('system notices', 0))`
    const people = await queryRows(
      tx,
      z.object({ id: z.string(), researcherId: z.string(), language: z.string().nullable() }),
      Prisma.sql`
        select id::text, researcher_id::text as "researcherId", language from person
        where ${isServed(actor)} and email is not null and ${lacksTelling(actor)} and not exists (
          select from system_notice n where n.researcher_id = person.researcher_id and n.term_id = ${actor.termId}::uuid)
        order by id limit ${Math.min(batchSize, await countLeftToday(tx))}`,
    )
    if (people.length === 0) return 0
    const mails = people.map(({ language, ...person }) => ({
      ...person,
      mailId: randomUUID(),
      locale: toLocale(language),
    }))
    await enqueueMails(
      tx,
      mails.map(({ id: personId, mailId, locale }) => ({
        id: mailId,
        kind: 'notice',
        template: systemNotice,
        locale,
        personId,
        values: {
          termId: actor.termId,
          systemId: actor.systemId,
          system: actor.name,
          about: about[locale] ?? '',
          days: daysAfterTelling,
        } satisfies SystemNoticeValues,
      })),
    )
    await tx.systemNotice.createMany({
      data: mails.map(({ researcherId, mailId }) => ({ researcherId, mailId, termId: actor.termId })),
    })
    return people.length
  })
}

/** Of the limit of a day, less what was sent and what waits. */
async function countLeftToday(tx: Tx): Promise<number> {
  const waiting = await tx.mail.count({ where: { template: systemNotice, state: 'waiting' } })
  return Math.max(0, (env().mail?.perDay ?? 0) - (await countSentToday(tx)) - waiting)
}

/** In each language. */
async function sayAll({ termId }: ApiActor): Promise<Record<string, string>> {
  const entries = env().institution.languages.map(async (locale) => {
    const named = (await listNamedSystems(locale)).find((each) => each.termId === termId)
    return [locale, named ? describeSystem(locale, named) : ''] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}

function toLocale(language: string | null): string {
  const { languages } = env().institution
  return language && languages.includes(language) ? language : (languages[0] ?? 'en')
}

/** Records that the actor saw, on their page, of which systems they were not told before. */
export async function tellOnPage(researcher: ResearcherActor): Promise<void> {
  const { researcherId } = researcher
  for (const actor of await listApiActors(db())) {
    await inTransaction(async (tx) => {
      const told = await queryRows(
        tx,
        z.object({ termId: z.string() }),
        Prisma.sql`
          insert into system_notice as kept (term_id, researcher_id, told_at)
          select ${actor.termId}::uuid, researcher_id, now() from person
          where researcher_id = ${researcherId}::uuid and ${isAmongPeople(actor)} and ${lacksTelling(actor)}
          on conflict (researcher_id, term_id) do update set told_at = now() where kept.told_at is null
          returning term_id::text as "termId"`,
      )
      const detail = { systemId: actor.systemId, system: actor.name, by: 'page' }
      await recordEvents(
        tx,
        researcher,
        told.map(() => ({ action: 'use.told' as const, researcherId, detail })),
      )
    })
  }
}

const servedPerson = z.object({
  id: z.string(),
  orcid: z.string().nullable(),
  name: z.string().nullable(),
  department: z.string().nullable(),
  standing: z.enum(['not_told', 'waits', 'seen', 'not_allowed']),
  /** When more of the system's rights may be used for the person. */
  from: z
    .string()
    .nullable()
    .transform((at) => at && new Date(at)),
})
export type ServedPerson = z.infer<typeof servedPerson>

export const servedMax = 100

const told = z.object({
  people: z.number(),
  told: z.number(),
  covered: z.number(),
  /** For so many it may use any right. */
  seen: z.number(),
  /** When the first and the last of those who were told are covered; null if all are. */
  firstFrom: z.date().nullable(),
  allFrom: z.date().nullable(),
  /** Those who are not covered first, then by name; at most a hundred. */
  served: z.array(servedPerson),
})
export type Told = z.infer<typeof told>

const coveredAt = Prisma.sql`n.told_at + make_interval(days => ${daysAfterTelling}::int)`

/**
 * Whom a system is for among connected people, if it may act: how many were told of its present term, how many are
 * covered, and where each stands. `too_many` where counting them takes longer than a page may.
 */
export async function findTold(_actor: StaffActor, systemId: string): Promise<Told | 'too_many' | null> {
  const actor = await findApiActor(db(), systemId)
  if (!actor) return null
  const isSeen = Prisma.join([Prisma.sql`false`, ...actor.rights.map((right) => covered(actor, right))], ' or ')
  const waiting = Prisma.sql`system_notice n where n.term_id = ${actor.termId}::uuid
    and n.told_at > now() - make_interval(days => ${daysAfterTelling}::int)`
  const sql = Prisma.sql`
      with served as materialized (
        select id, researcher_id, orcid, name, department, ${lacksTelling(actor)} as lacks,
          ${lacksTelling(actor, daysAfterTelling)} as waits, ${isSeen} as sees
        from person where ${isServed(actor)})
      select count(*)::int as people, count(*) filter (where not lacks)::int as told,
        count(*) filter (where not lacks and not waits)::int as covered, count(*) filter (where sees)::int as seen,
        (select min(${coveredAt}) from ${waiting}) as "firstFrom", (select max(${coveredAt}) from ${waiting}) as "allFrom",
        (select coalesce(json_agg(first), '[]') from (
          select id::text, orcid, name, department, case when lacks then 'not_told' when waits then 'waits'
              when sees then 'seen' else 'not_allowed' end as standing,
            (select ${coveredAt} from ${waiting} and n.researcher_id = served.researcher_id) as "from"
          from served order by lacks desc, waits desc, sees, name, id limit ${servedMax}) as first) as served
      from served`
  try {
    const [found] = await withListTimeout((tx) => queryRows(tx, told, sql))
    return found ?? null
  } catch (error) {
    if (!isStatementTimeout(error)) throw error
    return 'too_many'
  }
}
