import 'server-only'
import { z } from 'zod'
import type { ApiActor, SystemRight } from '@/lib/actor'
import { Prisma, type Queryable, queryRows } from '@/lib/db'
import { pathSeparator } from '@/lib/list/department'
import { departmentCondition } from '@/lib/list/visible'
import { daysAfterTelling } from '@/lib/systems/system'
import { listScopesOf, needsOnlyTheId } from '@/lib/texts/system-use'

/**
 * SQL on the table `person`: whether the system may use this right for a person. The text above the button named it
 * beside the permission, or the person was told of it two weeks ago; and they have not stopped it.
 */
export function covered(actor: ApiActor, right: SystemRight): Prisma.Sql {
  const scopes = listScopesOf(right, actor.scopes)
  if (!actor.rights.includes(right) || scopes.length === 0) return Prisma.sql`false`
  return Prisma.sql`(${isServed(actor)} and ${wasTold(actor, right, scopes)})`
}

/** What the system may do for a person, and with which of ORCID's scopes besides the iD. */
export async function findCoverage(
  tx: Queryable,
  actor: ApiActor,
  personId: string,
): Promise<{ rights: SystemRight[]; scopes: string[] }> {
  const flag = (condition: Prisma.Sql, name: string) =>
    Prisma.sql`case when ${condition} then array[${name}] else '{}' end`
  const rights = actor.rights.map((right) => flag(covered(actor, right), right))
  const scopes = actor.scopes.map((scope) => flag(mayUseScope(actor, scope), scope))
  const [found] = await queryRows(
    tx,
    z.object({ rights: z.array(z.string()), scopes: z.array(z.string()) }),
    Prisma.sql`
      select ${Prisma.join([Prisma.sql`'{}'::text[]`, ...rights], ' || ')} as rights,
        ${Prisma.join([Prisma.sql`'{}'::text[]`, ...scopes], ' || ')} as scopes
      from person where id = ${personId}::uuid`,
  )
  return { rights: (found?.rights ?? []) as SystemRight[], scopes: found?.scopes ?? [] }
}

/** SQL on the table `person`: not told so many days ago of each right of the system for which they allow enough. */
export function lacksTelling(actor: ApiActor, daysBefore = 0): Prisma.Sql {
  const lacking = actor.rights.map((right) => {
    const scopes = listScopesOf(right, actor.scopes)
    const isAllowed = needsOnlyTheId(right) ? Prisma.sql`true` : Prisma.sql`person.live_scopes && ${scopes}::text[]`
    return Prisma.sql`(${isAllowed} and not ${wasTold(actor, right, scopes, daysBefore)})`
  })
  return lacking.length > 0 ? Prisma.sql`(${Prisma.join(lacking, ' or ')})` : Prisma.sql`false`
}

/** Whether any of the rights that need a scope may be used with this one. */
function mayUseScope(actor: ApiActor, scope: string): Prisma.Sql {
  const rights = actor.rights.filter(
    (right) => !needsOnlyTheId(right) && listScopesOf(right, actor.scopes).includes(scope),
  )
  if (rights.length === 0) return Prisma.sql`false`
  const each = rights.map((right) => wasTold(actor, right, [scope]))
  return Prisma.sql`(${isServed(actor)} and (${Prisma.join(each, ' or ')}))`
}

/** SQL on the table `person`: connected, here, in no doubt, and among the system's people. */
export function isAmongPeople({ departments, kinds }: ApiActor): Prisma.Sql {
  const parts = [
    Prisma.sql`person.listed and person.connection in ('connected', 'identity_only')
      and person.state in ('active', 'leaving')
      and not person.conflict and person.finding is distinct from 'being_checked'`,
  ]
  if (kinds) parts.push(Prisma.sql`person.kind = any(${[...kinds]}::person_kind[])`)
  if (departments) {
    const each = departments.map((path) => departmentCondition(path, Prisma.sql`person.department`))
    parts.push(Prisma.sql`(${Prisma.join(each, ' or ')})`)
  }
  return Prisma.join(parts, ' and ')
}

/** SQL on the table `person`: the same, and the person has not stopped the system. */
export const isServed = (actor: ApiActor): Prisma.Sql => Prisma.sql`${isAmongPeople(actor)} and not exists (
  select from system_stop x
  where x.researcher_id = person.researcher_id and x.system_id = ${actor.systemId}::uuid)`

/** SQL: for the system's present purpose, by the text of a live grant or by a notice. */
function wasTold(
  { systemId, purposeNumber }: ApiActor,
  right: SystemRight,
  scopes: readonly string[],
  daysBefore = daysAfterTelling,
): Prisma.Sql {
  const terms = Prisma.sql`t.system_id = ${systemId}::uuid and t.purpose_number = ${purposeNumber}
    and ${right} = any(t.rights) and (t.kinds = '{}' or person.kind = any(t.kinds))
    and (t.departments = '{}' or exists (
      select from unnest(t.departments) as d (path)
      where person.department = d.path or starts_with(person.department, d.path || ${pathSeparator})))`
  const [isLive, isAllowed] = needsOnlyTheId(right)
    ? [Prisma.sql`true`, Prisma.sql`true`]
    : [
        Prisma.sql`s.scope = any(g.scopes)`,
        Prisma.sql`exists (
          select from unnest(t.scopes) as s (scope)
          where s.scope = any(${[...scopes]}::text[]) and s.scope = any(person.live_scopes))`,
      ]
  return Prisma.sql`(
    exists (
      select from "grant" g
        join authorization_attempt a on a.id = g.attempt_id
        join shown_system n on n.shown_text_hash = a.shown_text_hash
        join system_term t on t.id = n.term_id
        cross join unnest(n.scopes) as s (scope)
      where g.researcher_id = person.researcher_id and g.state = 'live' and ${terms}
        -- Narrowing shows no text: it carries on what the same person was shown before.
        and (a.purpose <> 'narrow' or a.started_by_id = g.researcher_id)
        and s.scope = any(${[...scopes]}::text[]) and ${isLive})
    or exists (
      select from system_notice n join system_term t on t.id = n.term_id
      where n.researcher_id = person.researcher_id and ${terms} and ${isAllowed}
        and n.told_at <= now() - make_interval(days => ${daysBefore}::int)))`
}
