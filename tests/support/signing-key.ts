import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeSigningKey, type SigningKey } from '@/registry/keys'
import { root } from '@/scripts/processes'

const folder = join(root, '.concord')
const file = join(folder, 'test-signing-key.json')

/** Of a checkout, for registries of tests alone: to make one is a tenth of a second's work, and no test needs its own. */
export async function testSigningKey(): Promise<SigningKey> {
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true })
    const partial = `${file}.${process.pid}`
    writeFileSync(partial, JSON.stringify(await makeSigningKey()), { mode: 0o600 })
    renameSync(partial, file)
  }
  return JSON.parse(readFileSync(file, 'utf8')) as SigningKey
}
