// Makes the Prisma client from prisma/schema, unless it is made already. Needs nothing but installed dependencies.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const schema = join(root, 'prisma', 'schema')
const client = join(root, 'lib', 'generated', 'prisma')
const stamp = join(root, 'lib', 'generated', 'stamp')

const hash = createHash('sha256').update(readFileSync(join(root, 'node_modules', 'prisma', 'package.json')))
for (const name of readdirSync(schema).sort()) hash.update(name).update(readFileSync(join(schema, name)))
const wanted = hash.digest('hex')

if (!existsSync(join(client, 'client.ts')) || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  console.log('Generating the database client')
  // Prisma would download its schema engine, which generating never runs: any program stands in for it.
  const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1' }
  const prisma = join(root, 'node_modules', 'prisma', 'build', 'index.js')
  const result = spawnSync(process.execPath, [prisma, 'generate'], { cwd: root, env, encoding: 'utf8' })
  if (result.status !== 0) {
    console.error(result.stdout + result.stderr)
    process.exit(1)
  }
  // It carries the schema along, of which it does not read the comments.
  const carrier = join(client, 'internal', 'class.ts')
  const bare = (_, schema) => `"inlineSchema": ${JSON.stringify(JSON.parse(schema).replaceAll(/^ *\/\/.*\n/gm, ''))}`
  writeFileSync(carrier, readFileSync(carrier, 'utf8').replace(/"inlineSchema": ("(?:[^"\\]|\\.)*")/, bare))
  writeFileSync(stamp, wanted)
}
