import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '@/scripts/processes'

export const partNames = [
  'typecheck',
  'lint',
  'boundaries',
  'unit',
  'integration',
  'walk',
  'e2e',
  'faults',
  'release',
  'longer',
  'screens',
] as const

/**
 * What `npm test` runs. `walk` is one of the browser tests by itself; `release` is slow, and so are the tests of the other
 * folders that are tagged, which are `longer`; `screens` depends on the browser.
 */
export const usualParts: readonly PartName[] = partNames.filter(
  (name) => !['walk', 'release', 'longer', 'screens'].includes(name),
)
export type PartName = (typeof partNames)[number]
export type PartResult = { name: PartName; passed: number; failed: number; seconds: number }

type Counts = { passed: number; failed: number }

const parts: Record<PartName, () => Promise<Counts>> = {
  typecheck: async () => {
    checking = bin('next/dist/bin/next', 'typegen').then((made) => made && bin('typescript-7/bin/tsc', '--noEmit'))
    return check(await checking)
  },
  lint: async () =>
    check(await bin('@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '--diagnostic-level=warn', '.')),
  boundaries: async () => check(await node('scripts/boundaries.mjs')),
  unit: () => vitest('unit', ['unit', 'registry']),
  integration: () => afterBuild(() => vitest('integration', ['integration'], '--tags-filter', '!release')),
  walk: () => afterBuild(() => playwright('e2e', 'tests/playwright.config.ts', '--grep', oneWalk)),
  e2e: () => afterBuild(() => playwright('e2e', 'tests/playwright.config.ts', '--grep-invert', '@release')),
  faults: () => afterBuild(faults),
  release: () => afterBuild(() => vitest('release', ['release'])),
  longer: () =>
    afterBuild(async () => {
      const integration = await vitest('longer', ['integration'], '--tags-filter', 'release')
      const e2e = await playwright('e2e', 'tests/playwright.config.ts', '--grep', '@release')
      return { passed: integration.passed + e2e.passed, failed: integration.failed + e2e.failed }
    }),
  screens: () => afterBuild(() => playwright('screens', 'tests/screens/config.ts')),
}

const oneWalk = 'a researcher connects, sees what they granted, and withdraws it'

/** Runs one part, its output shown as it comes, and counts its tests. A check counts as one test. */
export async function runPart(name: PartName): Promise<PartResult> {
  console.log(`\n── ${name} ${'─'.repeat(60 - name.length)}`)
  const startedAt = performance.now()
  const counts = await parts[name]()
  return { name, ...counts, seconds: (performance.now() - startedAt) / 1000 }
}

const check = (passed: boolean): Counts => (passed ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 })

// Both write the types of the routes.
let checking: Promise<boolean> | undefined
let building: Promise<boolean> | undefined

/** The first part that needs the build makes it; the others wait for it. */
async function afterBuild(run: () => Promise<Counts>): Promise<Counts> {
  await checking
  building ??= node('scripts/build.mjs', '--if-stale')
  return (await building) ? run() : check(false)
}

async function vitest(name: PartName, projects: string[], ...more: string[]): Promise<Counts> {
  const report = reportFile(name)
  const chosen = projects.flatMap((project) => ['--project', project])
  const args = ['run', '--config', 'tests/vitest.config.ts', ...chosen, ...more]
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const succeeded = await bin('vitest/vitest.mjs', ...args, ...reporters)
  return settle(succeeded, readReport(report), ({ numPassedTests, numFailedTests }) => ({
    passed: Number(numPassedTests),
    failed: Number(numFailedTests),
  }))
}

async function playwright(name: PartName, config: string, ...more: string[]): Promise<Counts> {
  const report = reportFile(name)
  const succeeded = await bin('@playwright/test/cli.js', 'test', '--config', config, ...more)
  return settle(succeeded, readReport(report), ({ stats }) => {
    const { expected, flaky, unexpected } = stats as { expected: number; flaky: number; unexpected: number }
    return { passed: expected + flaky, failed: unexpected }
  })
}

/** The same seeds each time, for two minutes, most of which is the wait for recovery. A schedule counts as one test. */
async function faults(): Promise<Counts> {
  const report = reportFile('faults')
  const options = ['--conditions=react-server', '--import', 'tsx']
  const order = ['--fresh', '--seed', '1', '--runs', '40', '--batch', '10', '--places', '4', '--report', report]
  const succeeded = await node(...options, 'scripts/faults.ts', ...order)
  return settle(succeeded, readReport(report), ({ passed, failed }) => ({
    passed: Number(passed),
    failed: Number(failed),
  }))
}

/** A run that failed although no test did (it crashed, or a file could not be read), or had no test, counts as one failure. */
function settle(
  succeeded: boolean,
  report: Record<string, unknown> | null,
  count: (report: Record<string, unknown>) => Counts,
) {
  const counts = report ? count(report) : { passed: 0, failed: 0 }
  if (counts.failed === 0 && (!succeeded || counts.passed === 0)) counts.failed = 1
  return counts
}

/** The report of an earlier run must not be taken for this one's. */
function reportFile(name: string): string {
  const file = join(root, '.concord', 'test', `${name}.json`)
  rmSync(file, { force: true })
  return file
}

function readReport(file: string): Record<string, unknown> | null {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>) : null
}

const bin = (path: string, ...args: string[]) => node(join('node_modules', path), ...args)

/** Runs a script of Node's with our own terminal. True when it succeeded. */
function node(...args: string[]): Promise<boolean> {
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' }
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: 'inherit' })
  const passOn = () => child.kill('SIGTERM')
  process.once('SIGINT', passOn).once('SIGTERM', passOn)
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(error.message)
      resolve(false)
    })
    child.once('exit', (code) => {
      process.off('SIGINT', passOn).off('SIGTERM', passOn)
      resolve(code === 0)
    })
  })
}
