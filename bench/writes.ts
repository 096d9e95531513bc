import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { portalEnv } from '@/scripts/portal'
import { type RunningProcess, startProcess } from '@/scripts/processes'
import { ourItems } from '@/tests/support/affiliations'
import { commandArgs } from '@/tests/support/command'
import { createTestDatabase } from '@/tests/support/database'
import { connect, until } from '@/tests/support/journey'
import { startPortal, testSecrets } from '@/tests/support/portal'
import { startTestRegistry, type TestRegistry } from '@/tests/support/registry'

const people = ['0000-0099-9458-0735', '0000-0002-1825-0097', '0000-0099-4262-1291', '0000-0099-5475-2774']
const workersAtOnce = 2
/** How long the registry keeps back the answer to a write that it has carried out: time in which to be killed. */
const answerAfterMs = 100

export type WriteFigures = {
  writes: number
  kills: number
  durationS: number
  /** On the registry's records, of what was to be written. */
  items: number
  /** Identifiers that are there more than once, or not at all. */
  wrong: string[]
  states: Record<string, number>
  /** Items that the kills left of which nobody knew whether they had been written. */
  unaccounted: number
}

type Kind = 'employment' | 'work'

const work = { type: 'book', subtitle: null, journalTitle: null, idUrl: null, contributors: [] }
const identifiers = { employment: 'hr-', work: 'doi:10.1000/' }

type Environment = { client: pg.Client; registry: TestRegistry; env: Record<string, string> }

/**
 * Has so many items written by workers that are killed, two at a time, at moments of chance. A claim of a killed worker
 * counts as run out at once, which takes a minute and a half otherwise. In the end every item must be on the records
 * exactly once.
 */
export async function writeUnderKills(
  writes: number,
  kills = Math.ceil(writes / 10),
  kind: Kind = 'employment',
): Promise<WriteFigures> {
  const database = await createTestDatabase()
  const registry = await startTestRegistry()
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const env = { ...portalEnv({ databaseUrl: database.portalUrl, port: 9, registry, secrets: testSecrets }) }
  try {
    const portal = await startPortal({ databaseUrl: database.portalUrl, registry, env: { WORKER: 'none' } })
    for (const orcid of people) await connect({ portal, registry }, { orcid })
    await portal.stop()
    await addItems(client, writes, kind)
    await registry.addFault({ on: 'api', fault: 'slow', delayMs: answerAfterMs, times: 0 })
    const place = { client, registry, env }
    const startedAt = Date.now()
    let unaccounted = 0
    for (let killed = 0; killed < kills; killed += workersAtOnce) unaccounted += await workAndDie(place, writes / kills)
    await registry.clearFaults()
    await finish(place)
    return {
      writes,
      kills,
      durationS: (Date.now() - startedAt) / 1_000,
      unaccounted,
      ...(await count(place, writes, kind)),
    }
  } finally {
    await client.end()
    await registry.close()
    await database.drop()
  }
}

async function addItems(client: pg.Client, writes: number, kind: Kind): Promise<void> {
  await client.query(
    `with added as (
       insert into affiliation (person_id, researcher_id, kind, external_id, title, start_on, origin, work)
       select r.person_id, r.id, $2::affiliation_kind, $3 || n, 'Title ' || n, '2021-03', 'imported', $4::jsonb
       from generate_series(1, $1) n
       join (select id, (select p.id from person p where p.researcher_id = researcher.id) as person_id, row_number() over (order by orcid) - 1 as place, count(*) over () as people from researcher) r
         on r.place = n % r.people
       returning id)
     select graphile_worker.add_job('write-affiliation', json_build_object('affiliationId', id), job_key => 'write-affiliation:' || id)
     from added`,
    [writes, kind, identifiers[kind], kind === 'work' ? work : null],
  )
}

const startWorker = ({ env }: Environment): RunningProcess =>
  startProcess({
    name: 'worker',
    args: commandArgs('worker'),
    env: { ...env, LOG_LEVEL: 'silent' },
  })

/** Two workers write until both are killed at once. Gives how many writes were then unaccounted for. */
async function workAndDie(place: Environment, writesEach: number): Promise<number> {
  const before = await countWritten(place.client)
  const lostBefore = await countUnaccounted(place.client)
  const workers = Array.from({ length: workersAtOnce }, () => startWorker(place))
  const begun = async () => (await countWritten(place.client)) > before || (await countLeft(place.client)) === 0
  await until('something is written', begun, 60_000)
  await sleep(Math.random() * 2 * ((writesEach * workersAtOnce * 1_000) / 20))
  await Promise.all(workers.map((worker) => worker.kill()))
  const lost = (await countUnaccounted(place.client)) - lostBefore
  await letTimePass(place.client)
  return Math.max(0, lost)
}

async function countUnaccounted(client: pg.Client): Promise<number> {
  const { rows } = await client.query('select count(*)::int as n from affiliation where posted_revision is not null')
  return Number(rows[0]?.n)
}

/** No worker lives now: what they held is free, as it would be later. */
async function letTimePass(client: pg.Client): Promise<void> {
  await client.query(
    'update affiliation set next_try_at = now(), claimed_until = case when claim_id is null then null else now() end',
  )
  await client.query(`select graphile_worker.add_job('resume-affiliations', job_key => 'resume at once')`)
}

async function finish(place: Environment): Promise<void> {
  const worker = startWorker(place)
  const over = async () => {
    await letTimePassFor(place.client)
    return (await countLeft(place.client)) === 0
  }
  await until('everything is written', over, 300_000)
  await worker.stop()
}

/** What a lost answer has to wait for, and what a killed worker held, comes up again without the minutes in between. */
async function letTimePassFor(client: pg.Client): Promise<void> {
  await client.query(`update affiliation set next_try_at = now() where state <> 'in_orcid' and next_try_at > now()`)
  await client.query(`select graphile_worker.add_job('resume-affiliations', job_key => 'resume at once')`)
}

async function countWritten(client: pg.Client): Promise<number> {
  const { rows } = await client.query(`select count(*)::int as n from affiliation where put_code is not null`)
  return Number(rows[0]?.n)
}

async function countLeft(client: pg.Client): Promise<number> {
  const { rows } = await client.query(`select count(*)::int as n from affiliation where state <> 'in_orcid'`)
  return Number(rows[0]?.n)
}

async function count({ client, registry }: Environment, writes: number, kind: Kind) {
  const items = (await Promise.all(people.map((orcid) => ourItems(registry, orcid)))).flat()
  const ids = items.flatMap(({ content }) =>
    (content['external-ids'] as { 'external-id': { 'external-id-value': string }[] })['external-id'].map(
      (one) => one['external-id-value'],
    ),
  )
  const times = new Map<string, number>()
  for (const id of ids) times.set(id, (times.get(id) ?? 0) + 1)
  const wanted = Array.from({ length: writes }, (_, index) => `${identifiers[kind].replace('doi:', '')}${index + 1}`)
  const wrong = wanted.filter((id) => times.get(id) !== 1)
  const { rows } = await client.query('select state::text, count(*)::int as n from affiliation group by 1')
  return { items: items.length, wrong, states: Object.fromEntries(rows.map(({ state, n }) => [state, n])) }
}
