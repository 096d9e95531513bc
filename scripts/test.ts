import { mkdirSync } from 'node:fs'
import { type PartName, type PartResult, partNames, runPart, usualParts } from '@/scripts/test-parts'
import { ensureTestServer } from '@/tests/support/server'

// `npm test` runs every part; `npm run test:unit` and its like run those that they name.
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !partNames.some((known) => known === name))
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(', ')}. The parts are ${partNames.join(', ')}`)
  process.exit(1)
}
const parts = asked.length === 0 ? usualParts : partNames.filter((name) => asked.includes(name))

process.env.TZ = 'Asia/Kathmandu'
// What this machine is configured for is not the tests' business.
for (const name of ['DATABASE_URL', 'MIGRATE_DATABASE_URL', 'NEXTAUTH_URL', 'NODE_ENV']) delete process.env[name]
mkdirSync('.concord/test', { recursive: true })

let release: () => Promise<void> = async () => undefined
let isInterrupted = false
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (isInterrupted) return
    isInterrupted = true
    void release().finally(() => process.exit(1))
  })
}

const startedAt = performance.now()
const results: PartResult[] = []
try {
  const needDatabase: PartName[] = ['integration', 'walk', 'e2e', 'faults', 'release', 'longer', 'screens']
  if (parts.some((name) => needDatabase.includes(name))) release = await ensureTestServer()
  // Most of an integration test and of a fault schedule is waiting, so other parts run beside them.
  const lanes: PartName[][] = [
    ['typecheck', 'integration', 'release'],
    ['lint', 'boundaries', 'unit', 'walk', 'e2e', 'faults', 'longer', 'screens'],
  ]
  await Promise.all(lanes.map((lane) => run(lane.filter((name) => parts.includes(name)))))
} finally {
  await release()
}

async function run(names: PartName[]) {
  for (const name of names) results.push(await runPart(name))
}

results.sort((one, other) => partNames.indexOf(one.name) - partNames.indexOf(other.name))
const sum = (field: 'passed' | 'failed') => results.reduce((total, result) => total + result[field], 0)
console.log('')
for (const { name, passed, failed, seconds } of results) {
  const columns = [
    `${passed} passed`.padStart(12),
    `${failed} failed`.padStart(10),
    `${seconds.toFixed(1)} s`.padStart(9),
  ]
  console.log(`${failed > 0 ? '✗' : '✓'} ${name.padEnd(12)} ${columns.join(' ')}`)
}
console.log(
  `\nin ${((performance.now() - startedAt) / 60_000).toFixed(1)} minutes\n${sum('passed')} passed, ${sum('failed')} failed`,
)
process.exit(sum('failed') > 0 || sum('passed') === 0 ? 1 : 0)
