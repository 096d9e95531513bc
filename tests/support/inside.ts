import { afterAll, beforeAll } from 'vitest'
import { closePool } from '@/lib/db'
import { institution } from '@/lib/institution'
import { portalEnv } from '@/scripts/portal'
import { type Stack, testSecrets } from '@/tests/support/portal'

/** Configures this process as the stack's portal is, so that a test can call what the portal's pages and jobs call. */
export function configureInside({ database, portal, registry }: Stack, env: Record<string, string> = {}): void {
  const settings = { databaseUrl: database.portalUrl, port: portal.port, registry, secrets: testSecrets }
  institution().env = undefined
  Object.assign(process.env, portalEnv({ ...settings, env: { LOG_LEVEL: 'silent', ...env } }))
}

/** The same before the tests of a file; after them, the process lets go of the database. */
export function workInside(fixture: { readonly stack: Stack }): void {
  beforeAll(() => configureInside(fixture.stack))
  afterAll(closePool)
}
