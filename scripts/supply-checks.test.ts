import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { auditPackages, checkInstallScripts, checkLicences, isAllowed } from '@/scripts/supply-checks'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'concord-supply-'))
  writeFileSync(join(root, '.npmrc'), 'ignore-scripts=true\n')
  writeFileSync(
    join(root, 'package.json'),
    JSON.stringify({ name: 'x', version: '1.0.0', allowScripts: { named: false } }),
  )
})

afterEach(() => rmSync(root, { recursive: true }))

function lock(packages: Record<string, { dev?: boolean; hasInstallScript?: boolean; license?: unknown }>) {
  const locked: Record<string, unknown> = { '': { name: 'x', version: '1.0.0' } }
  for (const [name, { license, ...rest }] of Object.entries(packages)) {
    const directory = join(root, 'node_modules', name)
    mkdirSync(directory, { recursive: true })
    writeFileSync(join(directory, 'package.json'), JSON.stringify({ name, version: '1.0.0', license }))
    locked[`node_modules/${name}`] = { version: '1.0.0', ...rest }
  }
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages: locked }))
}

describe('the licences of what is shipped', () => {
  test.each(['MIT', '(MIT OR GPL-3.0)', 'MIT AND ISC', 'MIT and ISC', 'Apache-2.0'])('%s may be shipped', (licence) => {
    expect(isAllowed(licence)).toBe(true)
  })

  test.each(['GPL-3.0', 'MIT AND GPL-3.0', 'SEE LICENSE IN LICENSE', 'UNLICENSED', ''])('%j may not', (licence) => {
    expect(isAllowed(licence)).toBe(false)
  })

  test('a package under another licence is found by name, and one that only tests need is not looked at', () => {
    lock({
      good: { license: 'MIT' },
      bad: { license: 'GPL-3.0' },
      mute: {},
      'only-tests': { dev: true, license: 'GPL-3.0' },
    })
    expect(checkLicences(root)).toMatchObject({
      state: 'wrong',
      findings: ['bad 1.0.0: GPL-3.0', 'mute 1.0.0: none named'],
    })
  })
})

describe('scripts that packages would run while they are installed', () => {
  test('are found where package.json does not name them', () => {
    lock({ named: { hasInstallScript: true }, sly: { hasInstallScript: true }, plain: {} })
    const { state, findings } = checkInstallScripts(root)
    expect([state, findings]).toEqual(['wrong', [expect.stringMatching(/^sly /)]])
  })

  test('are found allowed where .npmrc does not forbid them', () => {
    lock({})
    writeFileSync(join(root, '.npmrc'), 'ignore-scripts=false\n')
    expect(checkInstallScripts(root).findings).toEqual(['.npmrc does not say ignore-scripts=true'])
  })

  test('are all named in this project, and its packages are all under licences that were looked at', () => {
    expect(checkInstallScripts('.').state).toBe('good')
    expect(checkLicences('.').findings).toEqual([expect.stringContaining('each under')])
  })
})

test('a registry that refuses to tell is said not to have been asked, and is no failure', () => {
  lock({ something: { license: 'MIT' } })
  writeFileSync(join(root, '.npmrc'), 'registry=http://127.0.0.1:1/\nfetch-retries=0\nignore-scripts=true\n')
  expect(auditPackages(root).state).toBe('not checked')
})
