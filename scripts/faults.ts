import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from '@/scripts/processes'
import { defaultBatchSize, runFaults } from '@/tests/faults/run'
import { ensureTestServer, preloadIntoProcesses } from '@/tests/support/server'

// `npm run test:faults -- --runs 100 --seed 7`: what is measured and how to read it is in docs/faults.md.
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100' },
    seed: { type: 'string' },
    batch: { type: 'string', default: String(defaultBatchSize) },
    places: { type: 'string', default: '2' },
    fresh: { type: 'boolean', default: false },
    report: { type: 'string' },
  },
})
const wholeNumber = (name: string, text: string) => {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= 0) return number
  console.error(`--${name} is ${text}: give a whole number`)
  process.exit(1)
}

process.env.TZ = 'Asia/Kathmandu'
for (const name of ['DATABASE_URL', 'MIGRATE_DATABASE_URL', 'NEXTAUTH_URL', 'NODE_ENV']) delete process.env[name]
const built = spawnSync(process.execPath, [join(root, 'scripts/build.mjs'), '--if-stale'], { stdio: 'inherit' })
if (built.status !== 0) process.exit(1)

preloadIntoProcesses()
const release = await ensureTestServer()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => void release().finally(() => process.exit(1)))
}
let passed = false
try {
  passed = await runFaults({
    runs: wholeNumber('runs', values.runs),
    seed: values.seed === undefined ? Math.floor(Math.random() * 1e9) : wholeNumber('seed', values.seed),
    batchSize: Math.min(400, Math.max(1, wholeNumber('batch', values.batch))),
    places: Math.min(4, Math.max(1, wholeNumber('places', values.places))),
    isFresh: values.fresh,
    reportFile: values.report ?? null,
  })
} finally {
  await release()
}
process.exit(passed ? 0 : 1)
