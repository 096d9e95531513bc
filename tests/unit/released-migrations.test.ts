import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { migrationsDirectory } from '@/scripts/migrations'
import { root } from '@/scripts/processes'
import { findChangedMigrations, readReleased, recordRelease } from '@/scripts/released'

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'concord-released-'))
  cpSync(migrationsDirectory, directory, { recursive: true })
  writeFileSync(join(directory, 'released.json'), '{}')
})

afterEach(() => rmSync(directory, { recursive: true }))

test('no migration of a released version was changed', () => {
  expect(findChangedMigrations()).toEqual([])
})

test('every released version has its part of CHANGELOG.md, which says what an operator has to do', () => {
  const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8')
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  for (const each of [...Object.keys(readReleased()), version]) {
    const part = changelog.split(/^## /m).find((text) => text.startsWith(`${each}\n`))
    expect(part, each).toMatch(/^### For operators$/m)
  }
})

test('a released migration that is changed is found and refuses the next release; one that is added is not', () => {
  expect(recordRelease('0.1.0', directory)).toEqual(['0001_initial'])
  expect(findChangedMigrations(directory)).toEqual([])
  cpSync(join(directory, '0001_initial'), join(directory, '0002_more'), { recursive: true })
  expect(recordRelease('0.2.0', directory)).toEqual(['0002_more'])
  writeFileSync(join(directory, '0001_initial', 'migration.sql'), 'select 1;')
  const sentence = '0001_initial was changed after 0.1.0: write another migration'
  expect(findChangedMigrations(directory)).toEqual([sentence])
  expect(() => recordRelease('0.3.0', directory)).toThrow(sentence)
})

test('a released migration that is taken away is found', () => {
  recordRelease('0.1.0', directory)
  rmSync(join(directory, '0001_initial'), { recursive: true })
  expect(findChangedMigrations(directory)).toEqual(['0001_initial was taken away after 0.1.0: write another migration'])
})
