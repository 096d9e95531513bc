import { afterAll, beforeAll } from 'vitest'
import type { StaffActor } from '@/lib/actor'
import { closePool, db } from '@/lib/db'
import { institution } from '@/lib/institution'
import { portalEnv } from '@/scripts/portal'
import type { TestDatabase } from '@/tests/support/database'
import { type Stack, testSecrets } from '@/tests/support/portal'
import { useOwnDatabase } from '@/tests/support/researchers'

/** Configures this process as the stack's portal is, so that a test can call what the portal's pages and jobs call. */
export function configureInside({ database, portal, registry }: Stack, env: Record<string, string> = {}): void {
  const settings = { databaseUrl: database.portalUrl, port: portal.port, registry, secrets: testSecrets }
  institution().env = undefined
  Object.assign(process.env, portalEnv({ ...settings, env: { LOG_LEVEL: 'silent', ...env } }))
}

/** The same before the tests of a file; after them, the process lets go of the database. */
export function workInside(fixture: { readonly stack: Stack }, env: Record<string, string> = {}): void {
  beforeAll(() => configureInside(fixture.stack, env))
  afterAll(closePool)
}

/** A database for the tests of a file alone, with these people on the team. */
export function workInOwnDatabase(...team: readonly StaffActor[]): void {
  let database: TestDatabase
  beforeAll(async () => {
    database = await useOwnDatabase()
    await db().staffMember.createMany({
      data: team.map(({ staffId, role }, n) => ({
        id: staffId,
        orcid: `0000-0000-0000-000${n}`,
        role,
        origin: 'test',
      })),
    })
  })
  afterAll(async () => {
    await closePool()
    await database.drop()
  })
}
