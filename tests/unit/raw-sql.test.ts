import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

test('no result of raw SQL is taken for a type that nobody looked at: queryRows parses it', () => {
  const claims = /\$queryRaw<(?!unknown)|(?:const|let) \w+: [^=]+= await [\w().]*\$queryRaw/
  const files = readdirSync('lib', { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.startsWith('generated'),
  )
  expect(files.length).toBeGreaterThan(300)
  expect(files.filter((file) => claims.test(readFileSync(join('lib', file), 'utf8')))).toEqual([])
})
