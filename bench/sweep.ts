import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { KeyRing } from '@/lib/crypto/sealed'
import { TOKEN_LIFETIME_S } from '@/registry/token-lifetime'
import { createTestDatabase } from '@/tests/support/database'
import { until } from '@/tests/support/journey'
import { startPortal } from '@/tests/support/portal'
import { startTestRegistry, type TestRegistry } from '@/tests/support/registry'
import { addSealedGrants, makeSealingKey, type SealedPerson, sealInstallation } from '@/tests/support/sealed-grants'

export type SweepFigures = {
  grants: number
  /** From the moment when all are due until ORCID was asked about each. */
  sweepS: number
  perSecond: number
  calls: number
  /** Answers with status 503: ORCID's limit was exceeded. */
  refusedByLimit: number
  /** Requests that met a passing 401: one in a hundred. */
  passingRefusals: number
  /** How many grants have this finding once every refusal is settled, and beside it how many should. */
  findings: Record<string, string>
  /** Grants that stand otherwise than their person's record does: tokens lost, or withdrawals missed. */
  wrong: number
  /** An outage in which ORCID refuses every token: whom it greyed, and whose permission it ended. */
  outage: { minutes: number; asked: number; greyed: number; ended: number }
}

// Of every hundred people, what has become of the first ones.
const fates = ['withdrawn_at_orcid', 'withdrawn_at_orcid', 'record_deprecated', 'record_deactivated', 'record_locked']
const recordStates = {
  record_deprecated: 'merged',
  record_deactivated: 'deactivated',
  record_locked: 'locked',
} as const
const heir = '0000-0002-1825-0097'
const fateOf = (index: number) => fates[index % 100] ?? 'good'
const orcidOf = (index: number) => String(9_000_000_000_000_000 + index).replace(/(\d{4})(?=\d)/g, '$1-')

/**
 * Has two portals on one database check this many grants that are all due at once, against a registry with ORCID's limit
 * of 24 requests a second that refuses one request in a hundred in passing. Five of a hundred people have withdrawn, or
 * their records were merged, closed or locked. Then ORCID refuses everybody for a while.
 */
export async function sweepAll(grants: number, outageMs = 600_000): Promise<SweepFigures> {
  const directory = mkdtempSync(join(tmpdir(), 'concord-sweep-'))
  const key = makeSealingKey('k1')
  const database = await createTestDatabase()
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await sealInstallation(client, new KeyRing([key]))
  const people = await addSealedGrants(client, new KeyRing([key]), grants)
  const registry = await startRegistryWith(people, join(directory, 'registry.json'))
  const settings = { databaseUrl: database.portalUrl, registry, env: { TOKEN_KEYS: key.text } }
  const portals = await Promise.all([startPortal(settings), startPortal(settings)])
  try {
    await registry.refuseTokens({ times: 0, oneIn: 200 })
    await registry.failTokenChecks({ times: 0, oneIn: 200 })
    const startedAt = Date.now()
    await client.query(`update "grant" set next_check_at = now() - interval '1 day' * random()`)
    await client.query(`select graphile_worker.add_job('sweep')`)
    const left = `select 1 from "grant" where finding is null and unanswered_since is null limit 1`
    const patienceMs = 60_000 + grants * 300
    await until('all are checked', async () => (await client.query(left)).rowCount === 0, patienceMs)
    const sweepS = (Date.now() - startedAt) / 1_000
    const requests = await registry.apiRequests()
    await settleRefusals(client)
    await registry.clearFaults()
    return {
      grants,
      sweepS,
      perSecond: Math.round((requests.length / sweepS) * 10) / 10,
      calls: requests.length,
      refusedByLimit: requests.filter(({ status }) => status === 503).length,
      passingRefusals: requests.filter(({ fault }) => fault !== null).length,
      ...(await compareFindings(client, grants)),
      outage: await refuseEverybody(client, registry, outageMs),
    }
  } finally {
    await Promise.all(portals.map((portal) => portal.stop()))
    await client.end()
    await registry.close()
    await database.drop()
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Lets a day go by in steps, and has ORCID asked again whatever it refused or left unanswered. */
async function settleRefusals(client: pg.Client): Promise<void> {
  const open = `state = 'live' and (unanswered_since is not null or finding = 'being_checked')`
  const due = `select 1 from "grant" where ${open} and next_check_at <= now() limit 1`
  await until(
    'every refusal is settled',
    async () => {
      await client.query(`update suspicion set since = since - interval '9 hours',
        last_asked_at = last_asked_at - interval '9 hours'`)
      const { rowCount } = await client.query(`update "grant" set next_check_at = now() where ${open}`)
      if (!rowCount) return true
      await client.query(`select graphile_worker.add_job('sweep')`)
      await until('they are asked about', async () => (await client.query(due)).rowCount === 0, 120_000)
      return false
    },
    600_000,
  )
}

/** Makes everybody due and has ORCID refuse all tokens, its authorization server away, from the middle of the sweep on. */
async function refuseEverybody(client: pg.Client, registry: TestRegistry, forMs: number) {
  const count = async (sql: string) => Number((await client.query<{ count: string }>(sql)).rows[0]?.count)
  const ended = `select count(*) from "grant" where state <> 'live'`
  const [{ last } = { last: 0 }] = (await client.query('select coalesce(max(id), 0) as last from grant_check')).rows
  const endedBefore = await count(ended)
  const callsBefore = (await registry.apiRequests()).length
  await client.query(`update "grant" set next_check_at = now() - interval '1 day' * random() where state = 'live'`)
  await client.query(`select graphile_worker.add_job('sweep')`)
  await sleep(3_000)
  await registry.refuseTokens({ times: 0, forMs })
  for (const on of ['userinfo', 'token'] as const) await registry.addFault({ on, fault: 'html_500', times: 0, forMs })
  await sleep(forMs + Math.min(60_000, forMs))
  const asked = (await registry.apiRequests()).length - callsBefore
  const greyed = await count(`select count(*) from grant_check where id > ${last} and finding = 'being_checked'`)
  return { minutes: forMs / 60_000, asked, greyed, ended: (await count(ended)) - endedBefore }
}

/** A registry that knows these people and has issued their tokens: its own state file, with the tokens written into it. */
async function startRegistryWith(people: readonly SealedPerson[], stateFile: string): Promise<TestRegistry> {
  const known = people.map((_, index) => {
    const fate = fateOf(index)
    return {
      orcid: orcidOf(index),
      given: 'Some',
      family: 'Body',
      creditName: null,
      nameVisibility: 'public' as const,
      state: fate in recordStates ? recordStates[fate as keyof typeof recordStates] : ('ok' as const),
      mergedInto: fate === 'record_deprecated' ? heir : null,
      email: 'somebody@example.org',
      note: 'One of many.',
    }
  })
  await (await startTestRegistry({ stateFile, people: known })).close()
  const state = JSON.parse(readFileSync(stateFile, 'utf8'))
  state.tokens = people.map(({ accessToken }, index) => ({
    accessToken,
    refreshToken: `refresh ${accessToken}`,
    orcid: orcidOf(index),
    clientId: 'APP-TESTCONCORD00001',
    scopes: ['/activities/update', '/person/update', '/read-limited', 'openid'],
    code: null,
    issuedAt: Date.now(),
    lifetimeS: TOKEN_LIFETIME_S,
    ...revocationOf(fateOf(index)),
  }))
  writeFileSync(stateFile, JSON.stringify(state))
  return startTestRegistry({ stateFile, people: known })
}

function revocationOf(fate: string) {
  if (fate === 'withdrawn_at_orcid') return { live: false, revokedBecause: 'USER_REVOKED' }
  if (fate === 'record_deactivated') return { live: false, revokedBecause: 'RECORD_DEACTIVATED' }
  return { live: true, revokedBecause: null }
}

async function compareFindings(client: pg.Client, grants: number) {
  const { rows } = await client.query<{ orcid: string; finding: string }>(
    `select orcid, coalesce(g.finding::text, 'none') as finding from "grant" g join researcher r on r.id = g.researcher_id`,
  )
  const expected = new Map(Array.from({ length: grants }, (_, index) => [orcidOf(index), fateOf(index)]))
  const names = new Set([...rows.map(({ finding }) => finding), ...expected.values()])
  const found = (name: string) => rows.filter(({ finding }) => finding === name).length
  const wanted = (name: string) => [...expected.values()].filter((fate) => fate === name).length
  return {
    findings: Object.fromEntries([...names].map((name) => [name, `${found(name)} of ${wanted(name)}`])),
    wrong: rows.filter(({ orcid, finding }) => expected.get(orcid) !== finding).length,
  }
}
