import 'server-only'
import type { StaffActor, SystemActor } from '@/lib/actor'
import { endOfDay, startOfDay } from '@/lib/config/day'
import { Prisma } from '@/lib/db'
import { conflictCondition, visibleTo } from '@/lib/list/visible'
import { isIdentityOnly, SCOPES, scopeClosure } from '@/lib/orcid/scopes'
import { expiringWithinYears } from '@/lib/researchers/researcher'
import { type ListFilters, type ListFinding, type ListState, noDepartment } from '@/lib/researchers/schema'
import { searchCondition } from '@/lib/researchers/search'
import { sortKeys } from '@/lib/researchers/sort-keys'

/** SQL on the table `grant`: its person has left for now, and nothing is read or written. */
export const isPaused = Prisma.sql`exists (
  select from person p where p.researcher_id = "grant".researcher_id and p.state = 'paused')`

/** SQL for grants whose check is due, on the table `grant`. A suspicion is cleared up even while the person is paused. */
export const isDue = Prisma.sql`(state = 'live' and sealed_access_token is not null and next_check_at <= now() and expires_at > now()
  and (not ${isPaused} or exists (select from suspicion s where s.grant_id = "grant".id)))`

// Connected or identity only, the first two of the type: a range is a condition on an index that is read in order.
const live = Prisma.sql`connection < 'withdrawn'`
// Some repeat the state that the finding implies, so that the partial indexes match.
const findingConditions: Record<ListFinding, Prisma.Sql> = {
  good: Prisma.sql`(${live} and finding = 'good')`,
  unchecked: Prisma.sql`(${live} and ${sortKeys.checked} = '-infinity')`,
  unanswered: Prisma.sql`unanswered_since is not null`,
  'being-checked': Prisma.sql`finding = 'being_checked'`,
  locked: Prisma.sql`finding = 'record_locked'`,
  'wrong-record': Prisma.sql`finding = 'wrong_record'`,
  insufficient: Prisma.sql`finding = 'insufficient'`,
  'withdrawn-at-orcid': Prisma.sql`(connection = 'withdrawn' and finding = 'withdrawn_at_orcid')`,
  deprecated: Prisma.sql`(connection = 'expired' and finding = 'record_deprecated')`,
  deactivated: Prisma.sql`(connection = 'expired' and finding = 'record_deactivated')`,
  due: Prisma.sql`researcher_id in (select researcher_id from "grant" where ${isDue})`,
}

const expiring = (months: number) =>
  Prisma.sql`(connection = 'connected' and ${sortKeys.expires} < now() + make_interval(months => ${months}::int))`

const stateConditions: Record<Exclude<ListState, 'conflict'>, Prisma.Sql> = {
  connected: Prisma.sql`connection = 'connected'`,
  'identity-only': Prisma.sql`connection = 'identity_only'`,
  withdrawn: Prisma.sql`connection = 'withdrawn'`,
  'withdrawn-here': Prisma.sql`(connection = 'withdrawn' and finding is distinct from 'withdrawn_at_orcid')`,
  'withdrawn-at-orcid': findingConditions['withdrawn-at-orcid'],
  expiring: expiring(12 * expiringWithinYears),
  expired: Prisma.sql`connection = 'expired'`,
  deprecated: findingConditions.deprecated,
  deactivated: findingConditions.deactivated,
  locked: findingConditions.locked,
}

/** Connected without at least one of the scopes, taking scopes that include others into account. */
function lacksCondition(scopes: readonly string[]): Prisma.Sql {
  const missing = scopes.map((wanted) => {
    const including = SCOPES.filter(({ scope }) => scopeClosure([scope]).has(wanted)).map(({ scope }) => scope)
    return Prisma.sql`not (live_scopes && ${including}::text[])`
  })
  return Prisma.sql`(connection = 'connected' and (${Prisma.join(missing, ' or ')}))`
}

/** SQL on the table `person`: those with an iD, without the confidential and staff who signed in only to work. */
export const isListed = Prisma.sql`listed and connection is not null`

/** The filters as SQL on the table `person`, of those whom the actor sees. */
export function toCondition(actor: StaffActor | SystemActor, filters: ListFilters): Prisma.Sql {
  const parts = [isListed, visibleTo(actor)]
  if (filters.q) parts.push(searchCondition(filters.q))
  if (filters.state === 'conflict') parts.push(conflictCondition(actor))
  else if (filters.state) parts.push(stateConditions[filters.state])
  if (filters.finding) parts.push(findingConditions[filters.finding])
  if (filters.lacks.length > 0) parts.push(lacksCondition(filters.lacks))
  if (filters.scopes.length > 0) parts.push(Prisma.sql`live_scopes @> ${filters.scopes}::text[]`)
  // The scopes imply the state; PostgreSQL needs it to use the partial indexes.
  if (!isIdentityOnly(filters.scopes)) parts.push(stateConditions.connected)
  if (filters.expiringWithin) parts.push(expiring(filters.expiringWithin))
  parts.push(...dayConditions(filters))
  if (filters.department === noDepartment) parts.push(Prisma.sql`department is null`)
  else if (filters.department) parts.push(Prisma.sql`department = ${filters.department}`)
  if (filters.localId) parts.push(Prisma.sql`local_id = ${filters.localId}`)
  return Prisma.join(parts, ' and ')
}

function dayConditions(filters: ListFilters): Prisma.Sql[] {
  const { connectedFrom, connectedTo, withdrawnSince, checkedFrom, checkedBefore } = filters
  const parts: Prisma.Sql[] = []
  if (connectedFrom) parts.push(Prisma.sql`${sortKeys.connected} >= ${startOfDay(connectedFrom)}`)
  if (connectedTo) parts.push(before(sortKeys.connected, endOfDay(connectedTo)))
  // The state excludes people who have come back.
  if (withdrawnSince)
    parts.push(Prisma.sql`connection = 'withdrawn' and ${sortKeys.withdrew} >= ${startOfDay(withdrawnSince)}`)
  // Ended permissions are not checked any more.
  if (checkedFrom) parts.push(Prisma.sql`${live} and ${sortKeys.checked} >= ${startOfDay(checkedFrom)}`)
  // Nor are those that are paused.
  if (checkedBefore)
    parts.push(Prisma.sql`${live} and state <> 'paused' and ${before(sortKeys.checked, startOfDay(checkedBefore))}`)
  return parts
}

/** The sort key of a missing value is `-infinity`. */
const before = (key: Prisma.Sql, end: Prisma.Sql) => Prisma.sql`${key} > '-infinity' and ${key} < ${end}`
