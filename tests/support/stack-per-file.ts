import pg from 'pg'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { emptyTables } from '@/tests/support/database'
import { until } from '@/tests/support/journey'
import { type Stack, startStack } from '@/tests/support/portal'

/** A portal, a registry and a database for the tests of one file, emptied before each of them. */
export function stackPerFile(env: Record<string, string> = {}) {
  let stack: Stack
  let client: pg.Client

  beforeAll(async () => {
    stack = await startStack({ env })
    client = new pg.Client({ connectionString: stack.database.url })
    await client.connect()
  }, 120_000)

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
