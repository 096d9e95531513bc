import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { checksSql } from '@/prisma/seed-checks'
import { makeDice } from '@/prisma/seed-dice'
import { historySql } from '@/prisma/seed-history'
import { itemsSql } from '@/prisma/seed-items'
import { type Attempt, type Grant, makePerson, seededClientId } from '@/prisma/seed-people'
import { readVariable } from '@/scripts/variables'

const batchSize = 2_000

export type SeedOptions = { researchers: number; seed?: number; now?: Date }

/**
 * Fills a migrated database with `researchers` believable people, the same for the same `seed` and `now`, and their
 * grants, attempts, items and history. All or nothing. Refuses a database that holds a real grant or that was seeded before.
 */
export async function seed(
  databaseUrl: string,
  { researchers, seed = 1, now = new Date() }: SeedOptions,
): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'concord seed' })
  await client.connect()
  try {
    await client.query('BEGIN')
    await refuseUnlessEmpty(client)
    const registry = await registryOf(client)
    const dice = makeDice(seed)
    for (let first = 0; first < researchers; first += batchSize) {
      const count = Math.min(batchSize, researchers - first)
      const people = Array.from({ length: count }, (_, place) => makePerson(first + place, dice, now.getTime()))
      await insert(
        client,
        'researcher',
        people.map(({ row }) => toResearcherRow(row, registry)),
      )
      await insert(
        client,
        'authorization_attempt',
        people.flatMap(({ attempts }) => attempts.map((each) => toAttemptRow(each, registry))),
      )
      await insert(
        client,
        'grant',
        people.flatMap(({ grants }) => grants.map((each) => toGrantRow(each, registry))),
      )
    }
    for (const sql of [...checksSql, itemsSql]) await client.query(sql, [seededClientId, now])
    await client.query(historySql, [seededClientId])
    await client.query('COMMIT')
    await client.query('VACUUM ANALYZE')
  } finally {
    await client.end()
  }
}

/** Whether a seeded person is there. */
export async function isSeeded(databaseUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    return (await countGrants(client, '=')) > 0
  } finally {
    await client.end()
  }
}

async function refuseUnlessEmpty(client: pg.Client): Promise<void> {
  // Nobody may connect while the answer still matters.
  await client.query('LOCK TABLE "grant" IN SHARE ROW EXCLUSIVE MODE')
  if ((await countGrants(client, '<>')) > 0) throw new Error('This database holds real grants: it is not seeded')
  if ((await countGrants(client, '=')) > 0) throw new Error('This database is seeded already')
}

async function countGrants(client: pg.Client, operator: '=' | '<>'): Promise<number> {
  const sql = `SELECT 1 FROM "grant" g JOIN authorization_attempt a ON a.id = g.attempt_id WHERE a.client_id ${operator} $1 LIMIT 1`
  return (await client.query(sql, [seededClientId])).rowCount ?? 0
}

async function registryOf(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ registry: string }>('SELECT registry FROM installation')
  const registry = rows[0]?.registry ?? 'local'
  if (registry === 'production') throw new Error('This database belongs to the production registry: it is not seeded')
  return registry
}

type Row = Record<string, unknown>

/** PostgreSQL reads the columns' types from the table: arrays, enums and times arrive as JSON has them. */
async function insert(client: pg.Client, table: string, rows: Row[]): Promise<void> {
  const [first] = rows
  if (!first) return
  const columns = Object.keys(first).join(', ')
  const sql = `INSERT INTO "${table}" (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::"${table}", $1)`
  await client.query(sql, [JSON.stringify(rows)])
}

function toResearcherRow(row: ReturnType<typeof makePerson>['row'], registry: string): Row {
  return {
    id: row.id,
    orcid: row.orcid,
    registry,
    name: row.name,
    state: row.state,
    live_scopes: row.liveScopes,
    connected_at: row.connectedAt,
    expires_at: row.expiresAt,
    withdrawn_at: row.withdrawnAt,
    created_at: row.createdAt,
  }
}

function toAttemptRow(attempt: Attempt, registry: string): Row {
  return {
    ...attempt,
    registry,
    client_id: seededClientId,
    redirect_uri: 'https://example.org/api/auth/callback/orcid',
    locale: 'en',
    subject_proof: 'none',
  }
}

function toGrantRow(grant: Grant, registry: string): Row {
  return {
    id: grant.id,
    researcher_id: grant.researcherId,
    attempt_id: grant.attemptId,
    registry,
    client_id: seededClientId,
    state: grant.state,
    scopes: grant.scopes,
    name_given: grant.name,
    access_token_hash: grant.hash,
    granted_at: grant.grantedAt,
    expires_at: grant.expiresAt,
    ended_at: grant.endedAt,
    superseded_by_id: grant.by,
  }
}

if (import.meta.filename === process.argv[1]) {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const { values } = parseArgs({ options: { researchers: { type: 'string' }, seed: { type: 'string' } } })
  const url = readVariable('DATABASE_URL')
  const researchers = Number(values.researchers)
  try {
    if (!url) throw new Error('Set DATABASE_URL')
    if (!Number.isInteger(researchers) || researchers < 1 || researchers >= 10_000_000) {
      throw new Error('Usage: npm run seed -- --researchers N [--seed S]')
    }
    const startedAt = Date.now()
    await seed(url, { researchers, seed: Number(values.seed ?? 1) })
    console.log(`Seeded ${researchers} researchers in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
