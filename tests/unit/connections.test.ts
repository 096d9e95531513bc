import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const sourcesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|tsx|mjs)$/.test(name) && !/\.test\.|^generated/.test(name))
    .map((name) => join(folder, name))

test('every connection to PostgreSQL is opened in one file, which reads the address as libpq does', () => {
  const sources = [
    ...['app', 'lib', 'prisma', 'scripts'].flatMap(sourcesIn),
    'worker.ts',
    'instrumentation.ts',
    'proxy.ts',
  ]
  const opening = /new (pg\.)?(Client|Pool)\(|connectionString:/
  expect(sources.filter((file) => opening.test(readFileSync(file, 'utf8'))).sort()).toEqual([
    'lib/config/database-url.ts',
    'lib/database/connection.ts',
  ])
})
