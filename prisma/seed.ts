import { existsSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setImmediate } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type pg from 'pg'
import { from } from 'pg-copy-streams'
import { databaseClient } from '@/lib/database/connection'
import { withoutUpkeep } from '@/prisma/seed-bulk'
import { makeDice } from '@/prisma/seed-dice'
import { pastCoverageSql } from '@/prisma/seed-figures'
import { historySql } from '@/prisma/seed-history'
import { itemsSql } from '@/prisma/seed-items'
import { type KnownRecord, makePerson, seededClientId } from '@/prisma/seed-people'
import { appointmentsSql, makeRosterPieces } from '@/prisma/seed-roster'
import { type Piece, toPieces } from '@/prisma/seed-rows'
import { fail } from '@/scripts/failure'
import { readVariable } from '@/scripts/variables'

/** Those on the roster have said that they are meant. */
const bindingsSql = `
  INSERT INTO binding (person_id, researcher_id, proof, made_by_kind, made_at, confirmed_at)
  SELECT id, researcher_id, CASE WHEN local_id IS NULL THEN 'connection' ELSE 'roster' END::binding_proof, 'system',
    authenticated_at, CASE WHEN local_id IS NOT NULL THEN authenticated_at END
  FROM person WHERE researcher_id IS NOT NULL`

const batchSize = 5_000
const rosterBatchSize = 50_000
const sliceSize = 50
const eventsUpTo = 100_000
/** Of a roster. One in thirteen who connected is not on it. */
const connectedShare = 0.45

export type SeedOptions = {
  researchers: number
  /** People on the roster who have not connected. */
  unconnected?: number
  seed?: number
  now?: Date
  /** In which days begin and end. */
  timeZone?: string
  /** Whether the history is told as well: some ten events a person. By default up to 100,000 people. */
  events?: boolean
  /** Told now and then how far it is. */
  onProgress?: (done: string) => void
}

/**
 * Fills a migrated database with `researchers` believable people, the same for the same `seed` and `now`, and their
 * grants, attempts, items and history; and a roster. All or nothing. Refuses a database that holds a real grant or that was seeded before.
 */
export async function seed(
  databaseUrl: string,
  {
    researchers,
    unconnected = 0,
    seed = 1,
    now = new Date(),
    timeZone = 'UTC',
    events = researchers <= eventsUpTo,
    onProgress,
  }: SeedOptions,
): Promise<void> {
  const client = databaseClient(databaseUrl, { application_name: 'concord seed' })
  await client.connect()
  try {
    await client.query('SET statement_timeout = 0')
    await client.query('BEGIN')
    await refuseUnlessEmpty(client)
    const registry = await registryOf(client)
    const rosterDice = makeDice(seed + 1)
    await withoutUpkeep(client, async () => {
      await copyPeople(client, { researchers, registry, dice: makeDice(seed), now: now.getTime(), onProgress })
      for (let first = researchers; first < researchers + unconnected; first += rosterBatchSize) {
        const end = Math.min(first + rosterBatchSize, researchers + unconnected)
        await copyPieces(client, makeRosterPieces(first, end, rosterDice, now.getTime()))
      }
      await client.query(bindingsSql)
      await client.query(appointmentsSql)
      await client.query(itemsSql, [seededClientId, now])
      if (events) {
        onProgress?.('events')
        await client.query(historySql, [seededClientId])
      }
      onProgress?.('indexes and references')
    })
    onProgress?.('daily figures')
    const { rows } = await client.query(`SELECT (($2::timestamptz AT TIME ZONE $1)::date - 1)::text AS day`, [
      timeZone,
      now,
    ])
    await client.query(`SELECT write_daily_figures($1, $2::date)`, [timeZone, rows[0].day])
    await client.query(pastCoverageSql, [timeZone, rows[0].day])
    await client.query('COMMIT')
    onProgress?.('statistics')
    await client.query('VACUUM ANALYZE')
  } finally {
    await client.end()
  }
}

type Copying = {
  researchers: number
  registry: string
  dice: ReturnType<typeof makeDice>
  now: number
  onProgress?: (done: string) => void
}

/** Makes the next people while the last ones are sent: PostgreSQL reads in one process, and we make them in another. */
async function copyPeople(client: pg.Client, { researchers, onProgress, ...making }: Copying): Promise<void> {
  const make = makePieces(making)
  let sent = Promise.resolve()
  for (let first = 0; first < researchers; first += batchSize) {
    const pieces = await make(first, Math.min(first + batchSize, researchers))
    await sent
    sent = copyPieces(client, pieces)
    // Whether it failed is asked above and below, after some time.
    sent.catch(() => undefined)
    if (first % 50_000 === 0 && first > 0) onProgress?.(`${first} of ${researchers} researchers`)
  }
  await sent
}

function makePieces({ registry, dice, now }: Pick<Copying, 'registry' | 'dice' | 'now'>) {
  let before: KnownRecord | null = null
  return async (first: number, end: number): Promise<Piece[]> => {
    const pieces: Piece[] = []
    for (let index = first; index < end; ) {
      const people = []
      for (const sliceEnd = Math.min(index + sliceSize, end); index < sliceEnd; index++) {
        const person: ReturnType<typeof makePerson> = makePerson(index, dice, now, before)
        before = person.row
        people.push(person)
      }
      pieces.push(...toPieces(people, registry))
      // Lets go on what is being sent.
      await setImmediate()
    }
    return pieces
  }
}

/** One COPY for each table, in the order in which the first pieces name them. */
async function copyPieces(client: pg.Client, pieces: readonly Piece[]): Promise<void> {
  for (const table of new Set(pieces.map((piece) => piece.table))) {
    const ours = pieces.filter((piece) => piece.table === table && piece.text !== '')
    const [first] = ours
    if (!first) continue
    const copy = from(`COPY "${table}" (${first.columns.join(', ')}) FROM STDIN`)
    await pipeline(Readable.from(ours.map(({ text }) => text)), client.query(copy))
  }
}

/** Whether a seeded person is there. */
export async function isSeeded(databaseUrl: string): Promise<boolean> {
  const client = databaseClient(databaseUrl)
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

if (import.meta.filename === process.argv[1]) {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const { values } = parseArgs({
    options: {
      people: { type: 'string' },
      researchers: { type: 'string' },
      seed: { type: 'string' },
      events: { type: 'boolean' },
    },
  })
  const url = readVariable('DATABASE_URL')
  const people = values.people === undefined ? null : Number(values.people)
  const researchers = people === null ? Number(values.researchers) : Math.round(people * connectedShare * (13 / 12))
  const unconnected = people === null ? 0 : people - Math.round(people * connectedShare)
  try {
    if (!url) throw new Error('Set DATABASE_URL')
    if (!Number.isInteger(researchers) || researchers < 1 || researchers + unconnected >= 10_000_000) {
      throw new Error('Usage: npm run seed -- --people N | --researchers N [--seed S] [--events]')
    }
    const startedAt = Date.now()
    const onProgress = (done: string) => console.error(`${((Date.now() - startedAt) / 1000).toFixed(0)} s: ${done}`)
    const timeZone = readVariable('INSTITUTION_TIME_ZONE')
    await seed(url, {
      researchers,
      unconnected,
      seed: Number(values.seed ?? 1),
      timeZone,
      events: values.events,
      onProgress,
    })
    if (researchers > eventsUpTo && !values.events) console.error('Without their history: --events adds it')
    const roster = unconnected > 0 ? ` and ${unconnected} people without an iD` : ''
    console.log(`Seeded ${researchers} researchers${roster} in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`)
  } catch (error) {
    fail(error)
  }
}
