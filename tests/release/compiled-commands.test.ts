import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { portalEnv } from '@/scripts/portal'
import { freePort } from '@/scripts/ports'
import { root, startProcess, waitUntilReady } from '@/scripts/processes'
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

/** What the Dockerfile copies out of the build, but for Node.js and the bill of materials, in a folder of its own. */
function copyAsImage(image: string): void {
  for (const [, paths = ''] of readFileSync(join(root, 'Dockerfile'), 'utf8').matchAll(/^COPY --from=build (.+)$/gm)) {
    const words = paths.split(' ').filter((word) => !word.startsWith('--') && !word.endsWith('sbom.cdx.json'))
    const target = join(image, words.pop() as string)
    const sources = words.filter((word) => word.startsWith('/concord/')).map((word) => word.replace('/concord', root))
    if (sources.length === 0) continue
    mkdirSync(dirname(target), { recursive: true })
    if (target.endsWith('/')) mkdirSync(target, { recursive: true })
    execFileSync('sh', ['-c', `cp -r ${sources.join(' ')} ${target}`])
  }
}

test('a portal starts within two seconds of work, and is healthy, with the files that the image has', async () => {
  const image = mkdtempSync(join(tmpdir(), 'concord-image-'))
  copyAsImage(image)
  await run('migrate')
  const args = [join(image, 'scripts/start.mjs')]
  const portal = startProcess({ name: 'The portal', args, env: { ...env, NODE_ENV: 'production' }, cwd: image })
  const startedAt = Date.now()
  await waitUntilReady(portal, `http://127.0.0.1:${env.PORT}/api/health/ready`)
  const [, , user = 0, system = 0] =
    readFileSync(`/proc/${portal.pid}/stat`, 'utf8').split(') ')[1]?.split(' ').slice(9).map(Number) ?? []
  console.info(`ready after ${Date.now() - startedAt} ms, of which ${(user + system) * 10} ms were work`)
  const healthy = startProcess({ name: 'healthy', args: [join(image, 'commands/healthy.mjs'), 'portal'], env })
  expect(await healthy.ended).toBe('exit code 0')
  await portal.stop(30_000)
  rmSync(image, { recursive: true })
  expect((user + system) * 10).toBeLessThanOrEqual(2_000)
})
