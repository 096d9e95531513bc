import 'server-only'
import { z } from 'zod'
import type { ApiActor, SystemRight } from '@/lib/actor'
import { Prisma, type Queryable, queryRows } from '@/lib/db'
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
export const isAmongPeople = (actor: ApiActor): Prisma.Sql => Prisma.sql`person.listed
  and person.connection in ('connected', 'identity_only') and person.state in ('active', 'leaving')
  and not person.conflict and person.finding is distinct from 'being_checked' and ${isAmong(actor)}`

/** SQL on the table `person`: of one of the departments, or below it, and of one of the kinds; null for all of them. */
function isAmong({ departments, kinds }: Pick<ApiActor, 'departments' | 'kinds'>): Prisma.Sql {
  const parts = [Prisma.sql`true`]
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
  actor: ApiActor,
  right: SystemRight,
  scopes: readonly string[],
  daysBefore = daysAfterTelling,
): Prisma.Sql {
  const terms = actor.terms.filter(({ rights }) => rights.includes(right))
  const isIdEnough = needsOnlyTheId(right)
  const byNotice = terms.map((term) => {
    const named = term.scopes.filter((scope) => scopes.includes(scope))
    return isIdEnough ? isOfTerm(term) : Prisma.sql`${isOfTerm(term)} and person.live_scopes && ${named}::text[]`
  })
  // Among what the text named, and still allowed.
  const isNamed = isIdEnough
    ? Prisma.sql`n.scopes && ${[...scopes]}::text[]`
    : Prisma.sql`exists (select from unnest(n.scopes) as s where s = any(${[...scopes]}::text[]) and s = any(g.scopes))`
  // The notice first: it is one row, and the text takes three.
  return Prisma.sql`(${isFound(Prisma.sql`
      from system_notice n where n.researcher_id = person.researcher_id and ${anyOf(byNotice)}
        and n.told_at <= now() - make_interval(days => ${daysBefore}::int)`)}
    or ${isFound(Prisma.sql`
      from "grant" g
        join authorization_attempt a on a.id = g.attempt_id
        join shown_system n on n.shown_text_hash = a.shown_text_hash
      where g.researcher_id = person.researcher_id and g.state = 'live' and ${anyOf(terms.map(isOfTerm))}
        -- Narrowing shows no text: it carries on what the same person was shown before.
        and (a.purpose <> 'narrow' or a.started_by_id = g.researcher_id) and ${isNamed}`)})`
}

/** SQL on a row `n` about a term and on the table `person`: about this term, which is for this person. */
const isOfTerm = (term: ApiActor['terms'][number]): Prisma.Sql =>
  Prisma.sql`n.term_id = ${term.id}::uuid and ${isAmong(term)}`

const anyOf = (conditions: readonly Prisma.Sql[]): Prisma.Sql =>
  conditions.length > 0 ? Prisma.sql`(${Prisma.join(conditions, ' or ')})` : Prisma.sql`false`

/** Not `exists`: for a page of people PostgreSQL would read the rows of all. */
const isFound = (rows: Prisma.Sql): Prisma.Sql => Prisma.sql`coalesce((select true ${rows} limit 1), false)`
