import { spawnSync } from 'node:child_process'
import { onNode } from '@/scripts/node-package'
import { root } from '@/scripts/processes'

// `npm run test:nodes`: the quick part of the tests on every line of Node.js that we support. `-- 22` takes
// that one, and `-- 22 unit walk` only these parts.
const supported = ['20.20', '22', '24']
const quick = ['typecheck', 'lint', 'boundaries', 'unit', 'walk']

const given = process.argv.slice(2)
const versions = given.filter((word) => /^\d/.test(word))
const parts = given.filter((word) => !/^\d/.test(word))
const failed: string[] = []
for (const version of versions.length > 0 ? versions : supported) {
  console.log(`\n━━ Node.js ${version}`)
  const args = [...onNode(version), '--conditions=react-server', 'scripts/run.mjs', 'test']
  const { status } = spawnSync('npx', [...args, ...(parts.length > 0 ? parts : quick)], { cwd: root, stdio: 'inherit' })
  if (status !== 0) failed.push(version)
}
console.log(failed.length > 0 ? `\nFailed on Node.js ${failed.join(', ')}` : '\nPassed on each Node.js')
process.exit(failed.length > 0 ? 1 : 0)
