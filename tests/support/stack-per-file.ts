import pg from 'pg'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { lastingPort } from '@/scripts/ports'
import { emptyTables } from '@/tests/support/database'
import { until } from '@/tests/support/journey'
import { type Stack, startStack } from '@/tests/support/portal'
import { startTestRegistry } from '@/tests/support/registry'

type Env = Record<string, string>
type Lasting = { stack: Stack; registryPort: number; team: unknown }

/** What this worker has started, by its administrators. It ends with the worker. */
const lasting = new Map<string, Lasting>()

/**
 * A portal, a registry and a database for the tests of one file, emptied before each of them. Files whose portals differ
 * in nothing but their first administrators take one after another the same portal, each with a registry of its own.
 */
export function stackPerFile(env: Env = {}) {
  let stack: Stack
  let client: pg.Client

  beforeAll(async () => {
    const isUsual = Object.keys(env).every((name) => name === 'STAFF_ADMINS')
    stack = isUsual ? await takeLasting(env) : await startStack({ env })
    client = await connectTo(stack)
  })

  afterAll(async () => {
    await client.end()
    await stack.stop()
  })

  beforeEach(async () => {
    await stack.registry.clearFaults()
    await stack.registry.forget()
    await emptyTables(client)
  })

  const liveTokens = async () => (await stack.registry.state()).tokens.filter(({ live }) => live)
  return {
    get stack() {
      return stack
    },
    rows: async (sql: string, values: unknown[] = []) => (await client.query(sql, values)).rows,
    liveTokens,
    exchanges: async () => (await stack.registry.state()).tokenRequests.length,
    pathOf: (location: string | null) => new URL(location ?? '', stack.portal.url).pathname,
    noTokenLives: () => until('no token lives', async () => (await liveTokens()).length === 0),
  }
}

async function connectTo({ database }: Stack): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  return client
}

async function takeLasting(env: Env): Promise<Stack> {
  const known = lasting.get(JSON.stringify(env))
  if (!known) return startLasting(env)
  const { stack, registryPort } = known
  const registry = await startTestRegistry({ port: registryPort })
  registry.admit(stack.portal.url)
  await putBack(known)
  return { ...stack, registry, stop: () => registry.close() }
}

async function startLasting(env: Env): Promise<Stack> {
  const registryPort = await lastingPort()
  const stack = await startStack({ env, registryPort })
  const client = await connectTo(stack)
  const { rows } = await client.query('select coalesce(json_agg(staff_member), $1) as team from staff_member', ['[]'])
  await client.end()
  lasting.set(JSON.stringify(env), { stack, registryPort, team: rows[0]?.team })
  return { ...stack, stop: () => stack.registry.close() }
}

/** What `emptyTables` leaves between the tests of a file, as the portal had made it, and no job of the last file. */
async function putBack({ stack, team }: Lasting): Promise<void> {
  stack.portal.logs.length = 0
  const client = await connectTo(stack)
  await emptyTables(client)
  await client.query('delete from graphile_worker._private_jobs where locked_at is null')
  for (const table of ['rate_limit', 'staff_invitation', 'staff_member']) await client.query(`delete from ${table}`)
  await client.query('insert into staff_member select * from json_populate_recordset(null::staff_member, $1)', [
    JSON.stringify(team),
  ])
  await client.end()
}
