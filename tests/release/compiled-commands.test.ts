import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { portalEnv } from '@/scripts/portal'
import { freePort } from '@/scripts/ports'
import { root, startProcess } from '@/scripts/processes'
import { createEmptyDatabase, type TestDatabase } from '@/tests/support/database'
import { until } from '@/tests/support/journey'
import { testSecrets } from '@/tests/support/portal'
import { startTestRegistry, type TestRegistry } from '@/tests/support/registry'

// Directly in the folder of the project, as in the image.
const folder = join(root, 'commands')
let database: TestDatabase
let registry: TestRegistry
let env: Record<string, string>

beforeAll(async () => {
  await promisify(execFile)(process.execPath, [join(root, 'scripts/compile.mjs'), folder])
  database = await createEmptyDatabase()
  registry = await startTestRegistry()
  const port = await freePort()
  env = portalEnv({ databaseUrl: database.url, port, registry, secrets: testSecrets })
})

afterAll(async () => {
  await registry.close()
  await database.drop()
  rmSync(folder, { recursive: true })
})

const start = (name: string, ...args: string[]) =>
  startProcess({ name, args: [join(folder, `${name}.mjs`), ...args], env: { ...env, NODE_ENV: 'production' } })

async function run(name: string, ...args: string[]) {
  const started = start(name, ...args)
  const ended = await started.ended
  return { ended, output: started.lines.join('\n') }
}

test('the compiled commands migrate, start a worker, examine, and list keys', async () => {
  const migrated = await run('migrate')
  expect(migrated.output).toContain('Applied: 0001_initial')
  const worker = start('worker')
  await until('the worker runs', async () => worker.lines.some((line) => line.includes('worker started')), 60_000)
  expect((await run('healthy', 'worker')).ended).toBe('exit code 0')
  expect((await run('healthy', 'portal')).ended).toBe('exit code 1')
  expect((await run('keys', 'status')).output).toContain('k1  seals what is new')
  const examined = await run('doctor')
  expect(examined.output).toMatch(/good +migrations +all applied/)
  expect(examined.output).toMatch(/good +registry +answers/)
  await worker.stop(30_000)
  expect(await worker.ended).toBe('exit code 0')
})
