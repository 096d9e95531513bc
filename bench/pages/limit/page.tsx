import { ListOf } from '@/bench/pages/list-of'
import type { ShownResearcher } from '@/lib/researchers/rows'
import { noFilters } from '@/lib/researchers/schema'

const day = 86_400_000
const scopes = ['/activities/update', '/person/update', '/read-limited', 'openid']
const names = ['Ada Q. Example', 'José Núñez Peña', 'Jürgen Weiß', '王秀英', 'Анна Коваленко', 'فاطمة الحسن', null]

function makeRow(_: unknown, place: number): ShownResearcher {
  const at = new Date(Date.UTC(2026, 0, 1) - place * day)
  return {
    id: `00000000-0000-4000-8000-${String(place).padStart(12, '0')}`,
    orcid: `0009-0000-0000-${String(place).padStart(4, '0')}`,
    registry: 'local',
    name: names[place % names.length] ?? null,
    state: 'connected',
    liveScopes: scopes.slice(place % 3),
    firstConnectedAt: at,
    lastConfirmedAt: at,
    expiresAt: new Date(at.getTime() + 7_305 * day),
    withdrewAt: null,
    lastCheckedAt: new Date(at.getTime() + place * 3_600_000),
    finding: 'good',
    unansweredSince: null,
    primaryOrcid: null,
    department: 'Department of History',
    localId: `u${1_000 + place}`,
    conflict: false,
    personId: `00000000-0000-4000-9000-${String(place).padStart(12, '0')}`,
    authenticatedAt: at,
  }
}

const rows = Array.from({ length: 50 }, makeRow)

/** What the list costs when nothing is asked of a database and nobody is signed in. */
export default function LimitPage() {
  return <ListOf rows={rows} count={1_000_000} from={0} filters={noFilters} />
}
