import pg from 'pg'
import { KeyRing } from '@/lib/crypto/sealed'
import { createTestDatabase } from '@/tests/support/database'
import { connect, until } from '@/tests/support/journey'
import { runKeys, startKeys } from '@/tests/support/keys-command'
import { startPortal, type TestPortal } from '@/tests/support/portal'
import { startTestRegistry, type TestRegistry } from '@/tests/support/registry'
import {
  addSealedGrants,
  makeSealingKey,
  type SealedPerson,
  sealInstallation,
  signInAs,
} from '@/tests/support/sealed-grants'

const withdrawersMax = 600
const pauseMs = 50
const newcomers = ['0000-0099-9458-0735', '0000-0002-1825-0097', '0000-0099-4262-1291']

export type RotationFigures = {
  grants: number
  rotationS: number
  /** What the command itself said last. */
  summary: string
  requests: number
  /** Answers other than the one expected, and tokens that were not read as they had been sealed. */
  failures: string[]
  slowestMs: number
  /** Between the first and the last ciphertext that was sealed anew. */
  withdrawn: number
}

type Environment = { portal: TestPortal; registry: TestRegistry; client: pg.Client }
type Traffic = { requests: number; failures: string[]; slowestMs: number; withdrawn: SealedPerson[] }

/**
 * Seals this many grants under one key, and rotates to another while a portal that has both connects, shows and
 * withdraws. Afterwards everything must open with the new key alone, and the registry must have been asked to disable
 * the very token of each grant that was withdrawn.
 */
export async function rotateUnderTraffic(grants: number): Promise<RotationFigures> {
  const [older, newer] = [makeSealingKey('k1'), makeSealingKey('k2')]
  const database = await createTestDatabase()
  const registry = await startTestRegistry()
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await sealInstallation(client, new KeyRing([older]))
  const people = await addSealedGrants(client, new KeyRing([older]), grants)
  const tokenKeys = `${newer.text},${older.text}`
  const portal = await startPortal({ databaseUrl: database.url, registry, env: { TOKEN_KEYS: tokenKeys } })
  try {
    const keys = { databaseUrl: database.url, registry }
    const startedAt = Date.now()
    const running = startKeys('rotate', { ...keys, tokenKeys })
    const traffic = await makeTraffic({ portal, registry, client }, people, running.hasEnded)
    const ended = await running.ended
    const rotationS = (Date.now() - startedAt) / 1_000
    if (ended !== 'exit code 0') traffic.failures.push(`rotate: ${ended}: ${running.lines.join(' ')}`)
    await checkRevoked({ portal, registry, client }, traffic)
    const { output, ended: verified } = await runKeys('verify', { ...keys, tokenKeys: newer.text })
    if (verified !== 'exit code 0') traffic.failures.push(`verify: ${output}`)
    const summary = running.lines.join(' / ')
    return { grants, rotationS, summary, ...traffic, withdrawn: await countMeanwhile(client) }
  } finally {
    await portal.stop()
    await client.end()
    await registry.close()
    await database.drop()
  }
}

/** One person after another withdraws, looks and connects, three at a time, for as long as the rotation runs. */
async function makeTraffic(place: Environment, people: SealedPerson[], isOver: () => boolean): Promise<Traffic> {
  const traffic: Traffic = { requests: 0, failures: [], slowestMs: 0, withdrawn: [] }
  // From both ends and the middle of the order in which rows are sealed anew.
  const order = people.toSorted((a, b) => a.grantId.localeCompare(b.grantId))
  const step = Math.max(1, Math.floor(order.length / withdrawersMax))
  const candidates = order.filter((_, index) => index % step === 0).toReversed()
  const withdrawAll = async () => {
    for (let person = candidates.pop(); person && !isOver(); person = candidates.pop()) {
      await withdraw(place, person, traffic)
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
  const connectAll = async () => {
    for (let turn = 0; !isOver(); turn++) {
      const orcid = newcomers[turn % newcomers.length] ?? ''
      await timed(
        traffic,
        'connect',
        async () => (await connect(place, { orcid })).answer.location ?? '',
        /\/connect\/(connected|already-connected)$/,
      )
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
  await Promise.all([withdrawAll(), withdrawAll(), connectAll()])
  return traffic
}

async function withdraw({ portal, client }: Environment, person: SealedPerson, traffic: Traffic): Promise<void> {
  const visitor = await signInAs(client, person)
  await timed(traffic, 'me', async () => String((await visitor.get(`${portal.url}/me`)).status), /^200$/)
  const post = async () => (await visitor.post(`${portal.url}/me/withdrawal`)).location ?? ''
  await timed(traffic, 'withdrawal', post, /\/me\/withdrawn$/)
  traffic.withdrawn.push(person)
}

async function timed(traffic: Traffic, what: string, ask: () => Promise<string>, expected: RegExp): Promise<void> {
  const startedAt = Date.now()
  const answer = await ask().catch((error: unknown) => String(error))
  traffic.requests++
  traffic.slowestMs = Math.max(traffic.slowestMs, Date.now() - startedAt)
  if (!expected.test(answer)) traffic.failures.push(`${what}: ${answer}`)
}

async function countMeanwhile(client: pg.Client): Promise<number> {
  const { rows } = await client.query(
    `select count(*) from "grant" where state = 'withdrawn_here'
     and ended_at between (select at from audit_event where action = 'keys.rotation_started')
     and (select at from audit_event where action = 'keys.rotated')`,
  )
  return Number(rows[0]?.count)
}

/** Every token that was withdrawn meanwhile has been opened, twice, and it was the right one. */
async function checkRevoked({ portal, registry, client }: Environment, traffic: Traffic): Promise<void> {
  const waiting = 'select 1 from revocation where confirmed_at is null limit 1'
  await until('all is revoked', async () => (await client.query(waiting)).rowCount === 0, 120_000)
  const asked = new Set((await registry.state()).revokeRequests.map(({ token }) => token))
  for (const { grantId, accessToken } of traffic.withdrawn) {
    if (!asked.has(accessToken)) traffic.failures.push(`revoked with another token: ${grantId}`)
  }
  traffic.failures.push(...portal.logs.filter((line) => /SealError|keys_wrong|sealing key/i.test(line)))
}
