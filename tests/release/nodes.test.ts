import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { onNode } from '@/scripts/node-package'

const attempts = [
  'node_modules/vitest/vitest.mjs',
  'run',
  '--config',
  'tests/vitest.config.ts',
  '--project',
  'integration',
]

test.each(['20.20', '22', '24'])('the built portal connects people on Node.js %s', async (version) => {
  const { stdout } = await promisify(execFile)('npx', [...onNode(version), '-p', 'process.version'])
  expect(stdout).toMatch(new RegExp(`^v${version.replace('.', '\\.')}\\.`))
  await promisify(execFile)('npx', [...onNode(version), ...attempts, 'tests/integration/connecting.test.ts'], {
    maxBuffer: 64 * 1024 * 1024,
  })
})
