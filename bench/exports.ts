import { readFileSync } from 'node:fs'
import http from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { withoutUpkeep } from '@/prisma/seed-bulk'
import { createTestDatabase } from '@/tests/support/database'
import { connect } from '@/tests/support/journey'
import { startPortal, type TestPortal } from '@/tests/support/portal'
import { startTestRegistry } from '@/tests/support/registry'
import type { Visitor } from '@/tests/support/visitor'

type FormatFigures = {
  rowsPerSecond: number
  ofCopy: number
  /** Processor time of the portal alone, microseconds for each row. */
  portalCpuUs: number
  aboveIdleMb: number
}

export type ExportFigures = {
  researchers: number
  copyRowsPerSecond: number
  /** Medians of rounds in which each format comes after a `COPY … TO STDOUT` of the same columns. */
  formats: Record<string, FormatFigures>
  /** A page of the list while two exports run, as a multiple of what it takes alone. */
  pageUnderTwoExports: number
  idleMb: number
}

/** In the order of what they need: V8 gives back late what an earlier file took. */
const formats = {
  csv: 'format=csv',
  jsonl: 'format=jsonl',
  json: 'format=json',
  ldif: `format=ldif&dn=${encodeURIComponent('uid={orcid},ou=people,dc=example,dc=org')}`,
  xlsx: 'format=xlsx',
}

const uri = `'https://orcid.org/' || orcid`
const authenticated = `(live_scopes <> '{}' and (finding is null or finding not in ('wrong_record', 'record_locked')))`

/** What a file says, as PostgreSQL has it, without words and codes beside them: in plain columns of the table. */
const copied = {
  list: `select orcid, ${uri}, orcid_name, connection, ${authenticated}, authenticated_at,
    case when connection not in ('connected', 'identity_only') then 'ended' when finding = 'being_checked' then 'being_checked'
      else 'live' end, array_to_string(live_scopes, ' '), first_connected_at, expires_at, withdrew_at from person
    where researcher_id is not null`,
  ldif: `select concat('uid=', orcid, ',ou=people,dc=example,dc=org'), ${uri} from person
    where researcher_id is not null and ${authenticated}`,
}
const admin = '0000-0002-1825-0097'
const rounds = 5

/** Takes the list of so many people away in each format over HTTP, beside `COPY` on the same database in the same run. */
export async function exportAgainstCopy(researchers: number): Promise<ExportFigures> {
  const database = await createTestDatabase()
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const registry = await startTestRegistry()
  const portal = await startPortal({ databaseUrl: database.portalUrl, registry, env: { STAFF_ADMINS: admin } })
  try {
    const { visitor } = await connect({ portal, registry }, { orcid: admin })
    await addResearchers(client, researchers)
    const take = (query: string) => download(portal, visitor, `/staff/researchers/export?${query}`)
    await warmUp(portal, visitor, take)
    const idleMb = residentMb(portal)
    const found: Record<string, { rate: number; ofCopy: number; portalCpuUs: number; peakMb: number }[]> = {}
    const copies: number[] = []
    for (const [format, query] of Object.entries(formats)) {
      for (let round = 0; round < rounds; round++) {
        const copyS = await copy(client, format === 'ldif' ? copied.ldif : copied.list)
        const cpuBefore = cpuS(portal)
        const { result: tookS, peakMb } = await watchMemory(portal, () => take(query))
        const portalCpuUs = ((cpuS(portal) - cpuBefore) * 1e6) / researchers
        if (format !== 'ldif') copies.push(researchers / copyS)
        const figures = { rate: researchers / tookS, ofCopy: copyS / tookS, portalCpuUs, peakMb }
        found[format] = [...(found[format] ?? []), figures]
      }
    }
    return {
      researchers,
      copyRowsPerSecond: Math.round(median(copies)),
      formats: Object.fromEntries(
        Object.entries(found).map(([format, all]) => [
          format,
          {
            rowsPerSecond: Math.round(median(all.map(({ rate }) => rate))),
            ofCopy: round2(median(all.map(({ ofCopy }) => ofCopy))),
            portalCpuUs: round2(median(all.map((each) => each.portalCpuUs))),
            aboveIdleMb: Math.round(Math.max(...all.map(({ peakMb }) => peakMb)) - idleMb),
          },
        ]),
      ),
      pageUnderTwoExports: await measurePage(portal, visitor, take),
      idleMb: Math.round(idleMb),
    }
  } finally {
    await portal.stop()
    await client.end()
    await registry.close()
    await database.drop()
  }
}

/** Everything is loaded and compiled, and no large file was written yet. */
async function warmUp(portal: TestPortal, visitor: Visitor, take: (query: string) => Promise<number>): Promise<void> {
  for (const query of Object.values(formats)) await take(`${query}&q=Zola%201`)
  for (let time = 0; time < 20; time++) await download(portal, visitor, '/staff/researchers?sort=name')
  await sleep(5_000)
}

/** People with names in several scripts, a fifth of whom have withdrawn. The one who exports is there already. */
async function addResearchers(client: pg.Client, count: number): Promise<void> {
  await client.query('begin')
  await withoutUpkeep(client, async () => {
    await client.query(
      `insert into researcher (orcid, registry, name, state, live_scopes, first_connected_at, expires_at, withdrew_at, created_at)
       select regexp_replace(lpad((90000000 + n::bigint * 7919 % 99999989)::text, 16, '0'), '(\\d{4})(?=\\d)', '\\1-', 'g'),
         'local', (array['Ada Lovelace', 'Émile Zola', '李 明', 'Ó Briain, Seán', 'ליאה כהן'])[1 + n % 5] || ' ' || n,
         (case when n % 5 = 4 then 'withdrawn' else 'connected' end)::researcher_state,
         case when n % 5 = 4 then '{}' else array['/activities/update', '/person/update', '/read-limited', 'openid'] end,
         case when n % 5 <> 4 then now() - n * interval '1 minute' end, now() + interval '20 years',
         case when n % 5 = 4 then now() - n * interval '1 minute' end, now() - n * interval '2 minutes'
       from generate_series(1, $1::int) n`,
      [count - 1],
    )
    await client.query(
      `insert into person (origin, researcher_id, orcid, registry, orcid_name, connection, live_scopes, first_connected_at,
         expires_at, withdrew_at, authenticated_at)
       select 'connected', id, orcid, registry, name, state, live_scopes, first_connected_at, expires_at, withdrew_at, created_at
       from researcher r where not exists (select from person p where p.researcher_id = r.id)`,
    )
  })
  await client.query('commit')
  await client.query('vacuum analyze researcher, person')
}

/** Seconds that PostgreSQL's own export takes, read to its end and thrown away. */
async function copy(client: pg.Client, rows: string): Promise<number> {
  const startedAt = performance.now()
  await client.query(`copy (${rows} order by orcid) to stdout (format csv)`)
  return (performance.now() - startedAt) / 1_000
}

/** Seconds that it takes to read the whole answer and throw it away. */
function download({ url }: TestPortal, visitor: Visitor, path: string): Promise<number> {
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    http
      .get(`${url}${path}`, { headers: { cookie: cookieOf(visitor) } }, (answer) => {
        if (answer.statusCode !== 200) reject(new Error(`${path} answered ${answer.statusCode}`))
        answer.resume().once('end', () => resolve((performance.now() - startedAt) / 1_000))
        answer.once('error', reject)
      })
      .once('error', reject)
  })
}

const cookieOf = (visitor: Visitor) =>
  [...(visitor.cookies.get('localhost') ?? [])].map((pair) => pair.join('=')).join('; ')

async function measurePage(portal: TestPortal, visitor: Visitor, take: (query: string) => Promise<number>) {
  const page = async (times: number) => {
    const took: number[] = []
    for (let time = 0; time < times; time++) took.push(await download(portal, visitor, '/staff/researchers?sort=name'))
    return median(took)
  }
  await page(5)
  const alone = await page(20)
  let running = true
  const both = Promise.all([take(formats.csv), take(formats.jsonl)]).finally(() => {
    running = false
  })
  const under: number[] = []
  while (running) under.push(await page(1))
  await both
  return round2(median(under) / alone)
}

async function watchMemory<Result>(portal: TestPortal, work: () => Promise<Result>) {
  let peakMb = 0
  const timer = setInterval(() => {
    peakMb = Math.max(peakMb, residentMb(portal))
  }, 50)
  try {
    const result = await work()
    return { result, peakMb: Math.max(peakMb, residentMb(portal)) }
  } finally {
    clearInterval(timer)
  }
}

/** What the server has in memory, as Linux counts it. */
function residentMb({ pid }: TestPortal): number {
  const [, kb] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kb) / 1_024
}

/** Processor time that the server has taken, as Linux counts it: in hundredths of a second. */
function cpuS({ pid }: TestPortal): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

const round2 = (value: number) => Math.round(100 * value) / 100
