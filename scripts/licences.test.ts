import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

test('every package that is shipped is under a licence, or has a name, that package.json allows', () => {
  const found = execFileSync('npm', ['run', '--silent', 'licences'], { encoding: 'utf8' })
  expect(JSON.parse(found)).toEqual([])
}, 30_000)
