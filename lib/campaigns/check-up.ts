import 'server-only'
import { env } from '@/lib/config/env'
import { db, Prisma, type Queryable, queryRows } from '@/lib/db'
import { type CheckUp, checkUp } from '@/lib/mail/check-up'

const itemsMax = 50

const toDay = (at: Prisma.Sql) =>
  Prisma.sql`to_char(${at} at time zone ${env().institution.timeZone}::text, 'YYYY-MM-DD')`

/** The yearly check-up of a person; null if there is no such person. */
export async function findCheckUp(personId: string, tx: Queryable = db()): Promise<CheckUp | null> {
  const countLately = (which: Prisma.Sql, from: Prisma.Sql) => Prisma.sql`(
    select json_build_object('count', count(distinct ${which})::int, 'lastOn', ${toDay(Prisma.sql`max(at)`)})
    from ${from} and at > now() - interval '1 year')`
  // A list that a system read is kept once for everybody in it.
  const systemUses = Prisma.sql`
    select json_agg(json_build_object('name', name, 'count', count, 'lastOn', ${toDay(Prisma.sql`greatest(last_at, listed_at)`)})
      order by name)
    from (
      select s.name, coalesce(sum(u.times) filter (where u.researcher_id is not null), 0)::int as count,
        max(u.last_at) filter (where u.researcher_id is not null) as last_at,
        max(u.last_at) filter (where u.researcher_id is null and u.last_at >= p.authenticated_at) as listed_at
      from system s join system_use u on u.system_id = s.id
      where (u.researcher_id = p.researcher_id or u.researcher_id is null) and u.last_at > now() - interval '1 year'
        and (u.researcher_id is not null or exists (
          select from system_notice n join system_term t on t.id = n.term_id
          where n.researcher_id = p.researcher_id and t.system_id = s.id) or exists (
          select from "grant" g join authorization_attempt a on a.id = g.attempt_id
            join shown_system n on n.shown_text_hash = a.shown_text_hash join system_term t on t.id = n.term_id
          where g.researcher_id = p.researcher_id and t.system_id = s.id))
      group by s.id, s.name) used
    where greatest(last_at, listed_at) is not null`
  const [found] = await queryRows(
    tx,
    checkUp,
    Prisma.sql`
      select p.live_scopes as scopes, array(
          select ${toDay(Prisma.sql`given`)} from unnest(p.live_scopes_given_at) with ordinality as g(given, n) order by n) as "givenOn",
        ${toDay(Prisma.sql`p.expires_at`)} as "expiresOn",
        ${countLately(
          Prisma.sql`id`,
          Prisma.sql`audit_event where researcher_id = p.researcher_id and action in ('record.read', 'record.read_public')`,
        )} as reads,
        ${countLately(
          Prisma.sql`export_id`,
          Prisma.sql`export_part where (first_person_id <= p.id and last_person_id >= p.id and person_ids @> array[p.id]
            or first_researcher_id <= p.researcher_id and last_researcher_id >= p.researcher_id
              and researcher_ids @> array[p.researcher_id])`,
        )} as files,
        coalesce((${systemUses}), '[]') as systems,
        coalesce((
          select json_agg(json_build_object('kind', kind, 'title', title, 'department', department, 'startOn', start_on,
            'endOn', end_on)) from (
            select * from affiliation where person_id = p.id and put_code is not null
              and state not in ('deleted', 'deleted_by_person') order by start_on desc nulls last, id limit ${itemsMax}) i),
          '[]') as items
      from person p where p.id = ${personId}::uuid`,
  )
  return found ?? null
}
