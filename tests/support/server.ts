import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { startPostgres } from '@/scripts/postgres'
import { sharedTemporaryDirectory } from '@/scripts/postgres-system'
import { root } from '@/scripts/processes'

/**
 * Makes sure that `TEST_DATABASE_URL` leads to a PostgreSQL server on which tests may make databases, and gives what
 * ends it. A server of our own is started with the settings when the variable is not set; one that was given is left alone.
 */
export async function ensureTestServer(settings: readonly string[] = []): Promise<() => Promise<void>> {
  // Portals and commands are started by the hundred, of one build. Node reads this from version 22 on.
  process.env.NODE_COMPILE_CACHE ??= join(root, '.concord', 'compile-cache')
  if (process.env.TEST_DATABASE_URL) return async () => undefined
  const directory = mkdtempSync(join(sharedTemporaryDirectory(), 'concord-test-'))
  const server = await startPostgres({ directory, durable: false, settings })
  process.env.TEST_DATABASE_URL = server.url
  return async () => {
    delete process.env.TEST_DATABASE_URL
    await server.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Every process that is started from here on, portals and commands of ours among them, loads `preload.cjs` first. */
export function preloadIntoProcesses(): void {
  process.env.NODE_OPTIONS ??= `--require=${JSON.stringify(join(root, 'tests/support/preload.cjs'))}`
}
