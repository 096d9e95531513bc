import { randomBytes } from 'node:crypto'
import { dropLeftDatabases } from '@/tests/support/database'
import { ensureTestServer, preloadIntoProcesses } from '@/tests/support/server'

/** Once per run, for Vitest and for Playwright alike: what is returned runs at the end. */
export default async function setup(): Promise<() => Promise<void>> {
  preloadIntoProcesses()
  process.env.CONCORD_TEST_RUN = randomBytes(4).toString('hex')
  const release = await ensureTestServer()
  return async () => {
    await dropLeftDatabases()
    await release()
  }
}
