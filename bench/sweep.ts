import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { KeyRing } from '@/lib/sealed'
import { TOKEN_LIFETIME_S } from '@/registry/token-lifetime'
import { createTestDatabase } from '@/tests/support/database'
import { until } from '@/tests/support/journey'
import { startPortal } from '@/tests/support/portal'
import { startTestRegistry, type TestRegistry } from '@/tests/support/registry'
import { addSealedGrants, makeSealingKey, type SealedPerson, sealInstallation } from '@/tests/support/sealed-grants'

export type SweepFigures = {
  grants: number
  /** From the moment when all are due until each has its finding. */
  sweepS: number
  perSecond: number
  calls: number
  /** Answers with status 503: ORCID's limit was exceeded. */
  refusedByLimit: number
  /** How many grants have this finding, and beside it how many should. */
  findings: Record<string, string>
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
 * of 24 requests a second. Five of a hundred people have withdrawn, or their records were merged, closed or locked.
 */
export async function sweepAll(grants: number): Promise<SweepFigures> {
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
    const startedAt = Date.now()
    await client.query(`update "grant" set next_check_at = now() - interval '1 day' * random()`)
    await client.query(`select graphile_worker.add_job('sweep')`)
    const left = `select 1 from "grant" where finding is null limit 1`
    const patienceMs = 60_000 + grants * 120
    await until('all are checked', async () => (await client.query(left)).rowCount === 0, patienceMs)
    const sweepS = (Date.now() - startedAt) / 1_000
    const requests = await registry.apiRequests()
    return {
      grants,
      sweepS,
      perSecond: Math.round((requests.length / sweepS) * 10) / 10,
      calls: requests.length,
      refusedByLimit: requests.filter(({ status }) => status === 503).length,
      findings: await compareFindings(client, grants),
    }
  } finally {
    await Promise.all(portals.map((portal) => portal.stop()))
    await client.end()
    await registry.close()
    await database.drop()
    rmSync(directory, { recursive: true, force: true })
  }
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

async function compareFindings(client: pg.Client, grants: number): Promise<Record<string, string>> {
  const { rows } = await client.query<{ finding: string; count: number }>(
    'select finding::text, count(*)::int as count from "grant" group by 1',
  )
  const found = new Map(rows.map(({ finding, count }) => [finding, count]))
  const expected = Array.from({ length: grants }, (_, index) => fateOf(index))
  return Object.fromEntries(
    [...new Set([...found.keys(), ...expected])].map((finding) => [
      finding,
      `${found.get(finding) ?? 0} of ${expected.filter((fate) => fate === finding).length}`,
    ]),
  )
}
