import 'server-only'
import type { StaffActor, SystemActor } from '@/lib/actor'
import { env } from '@/lib/config/env'
import { Prisma } from '@/lib/db'
import { conflictCondition, departmentCondition, isLimited, visibleTo } from '@/lib/list/visible'
import { findOrcid } from '@/lib/orcid/id'
import { SCOPES, scopeClosure } from '@/lib/orcid/scopes'
import type { ConnectionFilter, PeopleFilters } from '@/lib/people/schema'
import { expiringWithinYears } from '@/lib/researchers/researcher'
import { noDepartment } from '@/lib/researchers/schema'
import { searchCondition } from '@/lib/researchers/search'

/** SQL on the table `person`: on the roster, and neither paused nor gone. As `person_coverage_idx` has it. */
export const isOurs = Prisma.sql`(listed and (local_id is not null or origin <> 'connected') and state in ('active', 'leaving'))`

/** SQL on the table `person`: connected, and on no roster. */
export const isUnrostered = Prisma.sql`(listed and local_id is null and origin = 'connected')`

/** SQL on the table `person`: allows a scope, by itself or by one that includes it. */
export const allows = (scope: string) => {
  const including = SCOPES.filter((each) => scopeClosure([each.scope]).has(scope)).map((each) => each.scope)
  return Prisma.sql`live_scopes && ${including}::text[]`
}

/** SQL on the table `person`: what they allow ends within two years. Null counts as no. */
export const endsSoon = Prisma.sql`(connection = 'connected'
  and coalesce(expires_at, 'infinity') < now() + make_interval(months => ${12 * expiringWithinYears}::int))`

const lacks = (scope: string) => Prisma.sql`(connection = 'connected' and not (${allows(scope)}))`

function connectionCondition(filter: ConnectionFilter, scopes: readonly string[]): Prisma.Sql {
  switch (filter) {
    case 'connected':
      return Prisma.sql`connection = 'connected'`
    case 'identity-only':
      return Prisma.sql`connection = 'identity_only'`
    case 'not-connected':
      return Prisma.sql`connection is null`
    case 'missing':
      return Prisma.sql`connection is distinct from ${env().orcid.api === 'member' ? 'connected' : 'identity_only'}::researcher_state`
    case 'withdrew':
      return Prisma.sql`connection = 'withdrawn'`
    case 'expiring':
      return endsSoon
    case 'expired':
      return Prisma.sql`connection = 'expired'`
    case 'needs-permission':
      return scopes.length > 0 ? Prisma.sql`(${Prisma.join(scopes.map(lacks), ' or ')})` : Prisma.sql`false`
    case 'being-checked':
      return Prisma.sql`finding = 'being_checked'`
  }
}

/** The filters as SQL on the table `person`, of those whom the actor sees. `scopes`: those that the institution asks for. */
export function toPeopleCondition(
  actor: StaffActor | SystemActor,
  filters: PeopleFilters,
  scopes: readonly string[],
): Prisma.Sql {
  const { q, connection, kind, department, state, conflict, roster } = filters
  const parts = [Prisma.sql`listed`, visibleTo(actor)]
  if (roster) parts.push(roster === 'current' ? isOurs : isUnrostered)
  if (q) parts.push(isLimited(actor) ? searchWithin(actor, q) : searchPeople(q))
  if (connection) parts.push(connectionCondition(connection, scopes))
  if (kind) parts.push(Prisma.sql`kind = ${kind}::person_kind`)
  if (department === noDepartment) parts.push(Prisma.sql`department is null`)
  else if (department) parts.push(departmentCondition(department))
  if (state === 'missing') parts.push(Prisma.sql`missing_since is not null`)
  else if (state) parts.push(Prisma.sql`state = ${state}::person_state`)
  if (conflict) parts.push(conflictCondition(actor))
  if (filters.lacks) parts.push(lacks(filters.lacks))
  return Prisma.join(parts, ' and ')
}

/** As the search for iDs, and also by a known iD, an e-mail address, or the number of somebody who was merged. */
export function searchPeople(q: string): Prisma.Sql {
  const orcid = findOrcid(q)
  if (orcid) return Prisma.sql`(orcid = ${orcid} or known_orcid = ${orcid})`
  return q.includes('@') ? Prisma.sql`lower(email) = lower(${q.trim()})` : searchWords(q)
}

/** Limited people do not learn whose an address is, nor whom somebody outside their departments was merged into. */
function searchWithin(actor: StaffActor | SystemActor, q: string): Prisma.Sql {
  return findOrcid(q) ? searchPeople(q) : searchWords(q, visibleTo(actor, Prisma.sql`m.department`))
}

const searchWords = (q: string, whichMerged = Prisma.sql`true`) => Prisma.sql`(${searchCondition(q)}
  or person.id = (select merged_into_id from person m where m.local_id = ${q.trim()} and ${whichMerged}))`
