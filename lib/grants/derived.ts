import type { ClientBase } from 'pg'
import { type CheckedGrant, deriveCheckStatus, deriveConnection, type GrantFacts } from '@/lib/grants/grant'
import { conflictsSql } from '@/lib/researchers/conflicts'

/** A derived column that differs from its source. */
export type DerivedFault = {
  /** `researcher` with an id. */
  of: string
  column: string
  kept: unknown
  derived: unknown
}

type Client = Pick<ClientBase, 'query'>

/**
 * Derives the columns of all researchers again and returns at most `limit` differences. Reads one snapshot; `client`
 * must be outside a transaction. A million researchers take about a minute of two processes.
 */
export async function listDerivedFaults(client: Client, limit = 100): Promise<DerivedFault[]> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = 0')
  try {
    const faults: DerivedFault[] = []
    const parts = [
      conflictFaults(client, limit),
      staffOnlyFaults(client, limit),
      personFaults(client, limit),
      connectionFaults(client),
    ]
    for (const part of parts) {
      for await (const found of part) {
        faults.push(...found)
        if (faults.length >= limit) return faults.slice(0, limit)
      }
    }
    return faults
  } finally {
    await client.query('COMMIT')
  }
}

async function* conflictFaults(client: Client, limit: number): AsyncGenerator<DerivedFault[]> {
  const { rows } = await client.query<{ id: string; kept: boolean }>(
    `WITH expected AS (${conflictsSql})
     SELECT r.id, r.conflict AS kept FROM researcher r LEFT JOIN expected e ON e.id = r.id
     WHERE r.conflict <> (e.id IS NOT NULL) LIMIT $1`,
    [limit],
  )
  yield rows.map(({ id, kept }) => ({ of: `researcher ${id}`, column: 'conflict', kept, derived: !kept }))
}

async function* staffOnlyFaults(client: Client, limit: number): AsyncGenerator<DerivedFault[]> {
  const { rows } = await client.query<{ id: string; kept: boolean }>(
    `SELECT id, staff_only AS kept FROM researcher r
     WHERE (staff_only OR orcid IN (SELECT orcid FROM staff_member)) AND staff_only <> is_staff_only(r) LIMIT $1`,
    [limit],
  )
  yield rows.map(({ id, kept }) => ({ of: `researcher ${id}`, column: 'staff_only', kept, derived: !kept }))
}

const copied = [
  'orcid',
  'registry',
  'live_scopes',
  'live_scopes_given_at',
  'first_connected_at',
  'last_confirmed_at',
  'expires_at',
  'withdrew_at',
  'last_checked_at',
  'finding',
  'unanswered_since',
  'primary_orcid',
  'staff_only',
]

/** Every researcher has a person with the same columns. */
async function* personFaults(client: Client, limit: number): AsyncGenerator<DerivedFault[]> {
  const columns = (of: string, names: string[]) => names.map((name) => `${of}.${name}`).join(', ')
  const { rows } = await client.query<{ id: string; hasPerson: boolean }>(
    `SELECT r.id, p.id IS NOT NULL AS "hasPerson" FROM researcher r LEFT JOIN person p ON p.researcher_id = r.id
     WHERE (${columns('p', copied)}, p.orcid_name, p.connection, p.authenticated_at)
       IS DISTINCT FROM (${columns('r', copied)}, r.name, r.state, r.created_at) LIMIT $1`,
    [limit],
  )
  yield rows.map(({ id, hasPerson }) => ({ of: `researcher ${id}`, column: 'person', kept: hasPerson, derived: true }))
}

const batchSize = 5_000
const noId = '00000000-0000-0000-0000-000000000000'

// Parsing times as dates would take longer than the rest of the check.
const ms = (column: string, as: string) => `round(date_part('epoch', ${column}) * 1000) AS "${as}"`

const eachMs = (column: string, as: string) =>
  `ARRAY(SELECT round(date_part('epoch', each) * 1000) FROM unnest(${column}) AS each) AS "${as}"`

const sql = `
  SELECT r.id, r.state, r.live_scopes AS "liveScopes", ${eachMs('r.live_scopes_given_at', 'liveScopesGivenAt')},
    ${ms('r.first_connected_at', 'firstConnectedAt')}, ${ms('r.last_confirmed_at', 'lastConfirmedAt')}, ${ms('r.expires_at', 'expiresAt')}, ${ms('r.withdrew_at', 'withdrewAt')},
    ${ms('r.last_checked_at', 'lastCheckedAt')}, r.finding, ${ms('r.unanswered_since', 'unansweredSince')},
    g.id AS "grantId", g.state AS "grantState", g.scopes,
    ${eachMs('g.first_granted_at', 'grantFirstGrantedAt')}, ${ms('g.granted_at', 'grantGrantedAt')},
    ${ms('g.expires_at', 'grantExpiresAt')}, ${ms('g.ended_at', 'grantEndedAt')}, g.finding AS "grantFinding",
    ${ms('g.last_checked_at', 'grantCheckedAt')}, ${ms('g.unanswered_since', 'grantUnansweredSince')}
  FROM (SELECT * FROM researcher WHERE id > $1 ORDER BY id LIMIT ${batchSize}) r
  LEFT JOIN "grant" g ON g.researcher_id = r.id ORDER BY r.id`

type Time = number | null
type DerivedColumns = {
  id: string
  state: string
  liveScopes: string[]
  liveScopesGivenAt: number[]
  firstConnectedAt: Time
  lastConfirmedAt: Time
  expiresAt: Time
  withdrewAt: Time
  lastCheckedAt: Time
  finding: string | null
  unansweredSince: Time
}
type Row = DerivedColumns & {
  grantId: string | null
  grantState: GrantFacts['state']
  scopes: string[]
  grantFirstGrantedAt: number[]
  grantGrantedAt: number
  grantExpiresAt: number
  grantEndedAt: Time
  grantFinding: CheckedGrant['finding']
  grantCheckedAt: Time
  grantUnansweredSince: Time
}

const derivedColumns = [
  'state',
  'liveScopes',
  'liveScopesGivenAt',
  'firstConnectedAt',
  'lastConfirmedAt',
  'expiresAt',
  'withdrewAt',
  'lastCheckedAt',
  'finding',
  'unansweredSince',
] as const

async function* connectionFaults(client: Client): AsyncGenerator<DerivedFault[]> {
  // PostgreSQL would otherwise scan all grants for each batch.
  await client.query('SET LOCAL enable_seqscan = off')
  for (let after = noId; ; ) {
    const { rows } = await client.query<Row>(sql, [after])
    const last = rows.at(-1)
    if (!last) return
    after = last.id
    const people = new Map<string, Row[]>()
    for (const row of rows) people.set(row.id, [...(people.get(row.id) ?? []), row])
    yield [...people.values()].flatMap(compare)
  }
}

function compare(rows: Row[]): DerivedFault[] {
  const [row] = rows
  if (!row) return []
  const grants = rows.flatMap((each) => (each.grantId ? [toGrant(each, each.grantId)] : []))
  const derived = { ...deriveConnection(grants), ...deriveCheckStatus(grants) }
  return derivedColumns.flatMap((column) => {
    const [actual, expected] = [toComparable(row[column]), toComparable(derived[column])]
    return actual === expected ? [] : [{ of: `researcher ${row.id}`, column, kept: actual, derived: expected }]
  })
}

type Comparable = string | number | null

function toComparable(value: Comparable | Date | readonly (string | number | Date)[]): Comparable {
  if (value instanceof Date) return value.getTime()
  return Array.isArray(value) ? value.map(toComparable).join(' ') : (value as Comparable)
}

const toDate = (time: Time) => (time === null ? null : new Date(time))

function toGrant(row: Row, id: string): GrantFacts & CheckedGrant {
  return {
    id,
    state: row.grantState,
    scopes: row.scopes,
    firstGrantedAt: row.grantFirstGrantedAt.map((time) => new Date(time)),
    grantedAt: new Date(row.grantGrantedAt),
    expiresAt: new Date(row.grantExpiresAt),
    endedAt: toDate(row.grantEndedAt),
    finding: row.grantFinding,
    lastCheckedAt: toDate(row.grantCheckedAt),
    unansweredSince: toDate(row.grantUnansweredSince),
  }
}
