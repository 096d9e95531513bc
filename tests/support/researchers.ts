import pg from 'pg'
import type { Prisma } from '@/lib/db'
import { makeSeededOrcid } from '@/prisma/seed-numbers'
import { portalEnv } from '@/scripts/portal'
import { createTestDatabase, type TestDatabase } from '@/tests/support/database'
import { testSecrets } from '@/tests/support/portal'

/** A database of one's own, and this process configured to use it as the portal does. */
export async function useOwnDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase()
  const registry = { url: 'http://127.0.0.1:9', clientId: 'APP-TEST', clientSecret: 'b6c7a1d4-not-asked' }
  Object.assign(process.env, portalEnv({ databaseUrl: database.url, port: 9, registry, secrets: testSecrets }))
  return database
}

/** A researcher, and what the institution knows of the person. */
export type NewResearcher = Prisma.ResearcherCreateManyInput & { department?: string | null; localId?: string | null }

/** SQL that writes what the institution knows of people: `$1` is JSON. */
export const describePeople = `
  update person set department = known.department, local_id = known.local_id
  from jsonb_to_recordset($1::jsonb) as known (orcid text, department text, local_id text)
  where person.orcid = known.orcid`

const names = [
  'Ada',
  'ada',
  'Émile',
  'Zoë',
  "'t Hooft",
  '=SUM(A1)',
  '100%',
  'a_b',
  'axb',
  '李',
  'ליאה',
  'Ötzi',
  null,
  null,
]
const given = [
  { state: 'connected', liveScopes: ['/activities/update', '/person/update', '/read-limited', 'openid'] },
  { state: 'connected', liveScopes: ['/read-limited', 'openid'] },
  { state: 'identity_only', liveScopes: ['openid'] },
  { state: 'withdrawn', liveScopes: [] },
  { state: 'expired', liveScopes: [] },
] as const
const dayMs = 86_400_000
const departments = ['Chemistry', 'Faculty of Humanities', null]
// What a check can find about who is live, and how ORCID can have ended what the others gave.
const findings = {
  live: ['good', 'good', null, 'insufficient', 'record_locked', 'wrong_record'],
  withdrawn: [null, 'withdrawn_at_orcid'],
  expired: [null, 'record_deprecated', 'record_deactivated'],
} as const

/**
 * The same `count` researchers each time, `start` apart: every state and finding, names in several scripts, many without
 * one, and so few different times that most rows tie with others.
 */
export function makeResearchers(count: number, start = 0): NewResearcher[] {
  const now = Date.now()
  return Array.from({ length: count }, (_, i) => {
    const n = start + i
    const { state, liveScopes } = given[n % given.length] ?? given[0]
    const connected = state === 'connected'
    const live = connected || state === 'identity_only'
    const found = findings[live ? 'live' : state]
    const finding = found[Math.floor(n / given.length) % found.length]
    const firstConnectedAt = new Date(now - ((n % 7) + 2.5) * 10 * dayMs)
    return {
      orcid: makeSeededOrcid(n),
      registry: 'local',
      name: names[(n * 5) % names.length],
      state,
      liveScopes: [...liveScopes],
      liveScopesGivenAt: liveScopes.map(() => firstConnectedAt),
      firstConnectedAt: state === 'identity_only' ? null : firstConnectedAt,
      lastConfirmedAt: state === 'identity_only' ? null : new Date(now - (n % 5) * dayMs),
      expiresAt: connected ? new Date(now + ((n % 4) + 0.5) * 365 * dayMs) : null,
      withdrewAt: state === 'withdrawn' ? new Date(now - (n % 20) * dayMs) : null,
      finding,
      lastCheckedAt: (live ? finding === null : n % 3 === 0) ? null : new Date(now - (n % 9) * 7 * dayMs),
      unansweredSince: live && n % 8 === 0 ? new Date(now - dayMs) : null,
      department: departments[n % departments.length],
      localId: n % 10 < 2 ? `u${n}` : null,
    }
  })
}

/** Writes the first `count` of them into a database that this process does not use; with a name, that of all of them. */
export async function addResearchers(databaseUrl: string, count: number, name?: string): Promise<void> {
  const made = makeResearchers(count)
  const rows = made.map(({ department: _in, localId: _number, ...row }) =>
    Object.fromEntries(
      Object.entries(name ? { ...row, name } : row).map(([field, value]) => [
        field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
        value,
      ]),
    ),
  )
  const columns = Object.keys(rows[0] ?? {}).join(', ')
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query(
    `insert into researcher (${columns}) select ${columns} from jsonb_populate_recordset(null::researcher, $1)`,
    [JSON.stringify(rows)],
  )
  const known = made.map(({ orcid, department, localId }) => ({ orcid, department, local_id: localId }))
  await client.query(describePeople, [JSON.stringify(known)])
  await client.end()
}
