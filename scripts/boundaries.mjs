// Runs dependency-cruiser over everything, and fails as well when it has read nothing: with a TypeScript that it does
// not know it skips every file and says that all is well.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const cruiser = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs')
const everything = [
  'app',
  'lib',
  'registry',
  'scripts',
  'prisma',
  'tests',
  'bench',
  'worker.ts',
  'proxy.ts',
  'instrumentation.ts',
]
const sources = everything.filter((path) => existsSync(join(root, path)))

const args = [cruiser, '--config', 'tests/boundaries.cjs', '--output-type', 'json', ...sources]
const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 })
if (!stdout) {
  console.error(stderr)
  process.exit(1)
}
const { modules, summary } = JSON.parse(stdout)
const read = modules.filter(
  ({ source, dependencies }) => /^(app|lib)\/.*\.tsx?$/.test(source) && dependencies.length > 0,
)
for (const { from, to, rule } of summary.violations) {
  const { comment } = summary.ruleSetUsed.forbidden.find(({ name }) => name === rule.name) ?? {}
  console.error(`${from} → ${to}\n  ${rule.name}: ${comment ?? ''}`)
}
console.log(`${summary.totalCruised} modules read, ${summary.violations.length} violations`)
if (read.length === 0)
  console.error('No module of app and lib was read: is the TypeScript one that dependency-cruiser knows?')
process.exit(summary.violations.length > 0 || read.length === 0 ? 1 : 0)
