import 'server-only'
import { Prisma } from '@/lib/db'
import { SCOPES, scopeClosure } from '@/lib/orcid/scopes'
import { expiringWithinYears } from '@/lib/researchers/researcher'
import type { ListFilters, ListFinding, ListState } from '@/lib/researchers/schema'
import { toLikePattern } from '@/lib/search'

const stateConditions: Record<ListState, Prisma.Sql> = {
  connected: Prisma.sql`state = 'connected'`,
  'identity-only': Prisma.sql`state = 'identity_only'`,
  withdrawn: Prisma.sql`state = 'withdrawn'`,
  expired: Prisma.sql`state = 'expired'`,
  expiring: Prisma.sql`(state = 'connected' and expires_at < now() + make_interval(years => ${expiringWithinYears}))`,
}

const live = Prisma.sql`state in ('connected', 'identity_only')`
const findingConditions: Record<ListFinding, Prisma.Sql> = {
  good: Prisma.sql`finding = 'good'`,
  unchecked: Prisma.sql`(${live} and finding is null)`,
  unanswered: Prisma.sql`unanswered_since is not null`,
  locked: Prisma.sql`finding = 'record_locked'`,
  'wrong-record': Prisma.sql`finding = 'wrong_record'`,
  insufficient: Prisma.sql`finding = 'insufficient'`,
  'withdrawn-at-orcid': Prisma.sql`finding = 'withdrawn_at_orcid'`,
  deprecated: Prisma.sql`finding = 'record_deprecated'`,
  deactivated: Prisma.sql`finding = 'record_deactivated'`,
}

/** Connected, and one of these is not permitted: neither by its own name nor by a scope that includes it. */
function lacksCondition(scopes: readonly string[]): Prisma.Sql {
  const missing = scopes.map((wanted) => {
    const including = SCOPES.filter(({ scope }) => scopeClosure([scope]).has(wanted)).map(({ scope }) => scope)
    return Prisma.sql`not (live_scopes && ${including}::text[])`
  })
  return Prisma.sql`(state = 'connected' and (${Prisma.join(missing, ' or ')}))`
}

/** What the filters say, as SQL about the table `researcher`. `true` when they say nothing. */
export function toCondition(filters: ListFilters): Prisma.Sql {
  const parts = [Prisma.sql`true`]
  if (filters.q) {
    const pattern = toLikePattern(filters.q)
    parts.push(Prisma.sql`(lower(name) like lower(${pattern}) or lower(orcid) like lower(${pattern}))`)
  }
  if (filters.state) parts.push(stateConditions[filters.state])
  if (filters.finding) parts.push(findingConditions[filters.finding])
  if (filters.lacks.length > 0) parts.push(lacksCondition(filters.lacks))
  if (filters.scopes.length > 0) parts.push(Prisma.sql`live_scopes @> ${filters.scopes}::text[]`)
  if (filters.connectedSince) parts.push(Prisma.sql`connected_at >= ${dayStart(filters.connectedSince)}::timestamptz`)
  if (filters.withdrawnSince) parts.push(Prisma.sql`withdrawn_at >= ${dayStart(filters.withdrawnSince)}::timestamptz`)
  return Prisma.join(parts, ' and ')
}

const dayStart = (day: string) => `${day}T00:00:00Z`
