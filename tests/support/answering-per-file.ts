import pg from 'pg'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { closePool } from '@/lib/db'
import { prepareInstallation } from '@/lib/installation/commands'
import { type AnsweringApi, startAnsweringApi } from '@/tests/support/answering-api'
import { emptyTables, type TestDatabase } from '@/tests/support/database'
import { useOwnDatabase } from '@/tests/support/researchers'

/** A database of the file's own, and an ORCID that answers what a test says. Both are empty before each test. */
export function answeringPerFile(settings: Record<string, string> = {}) {
  const given = {} as { database: TestDatabase; client: pg.Client; api: AnsweringApi }

  beforeAll(async () => {
    const [database, api] = await Promise.all([useOwnDatabase(), startAnsweringApi()])
    const own = { DATABASE_URL: database.portalUrl, ORCID_ISSUER: api.url, ORCID_API_URL: `${api.url}/v3.0` }
    Object.assign(process.env, own, { LOG_LEVEL: 'silent' }, settings)
    const client = new pg.Client({ connectionString: database.url })
    Object.assign(given, { database, client, api })
    await client.connect()
    await prepareInstallation()
  })

  afterAll(async () => {
    await closePool()
    await given.client.end()
    await Promise.all([given.database.drop(), given.api.close()])
  })

  beforeEach(async () => {
    await emptyTables(given.client)
    given.api.always('good')
  })

  return { given, rows: async (sql: string) => (await given.client.query(sql)).rows }
}
