import { expect, test } from 'vitest'
import { findUnusable, parseEnv } from '@/lib/config/env'
import { variables } from '@/lib/config/env-variables'
import type { SettableVariable } from '@/lib/config/settings'
import { defaults, listKeys, sections } from '@/lib/settings/setting'
import { readTyped, takeOver, toTyped } from '@/lib/settings/typed'

const source = {
  DATABASE_URL: 'postgresql://portal:pw@localhost:5432/concord',
  NEXTAUTH_URL: 'http://localhost:3000',
  NEXTAUTH_SECRET: Buffer.from('the session secret of a unit test').toString('base64url'),
  TOKEN_KEYS: `k1:${Buffer.from('thirty-two bytes of sealing key!').toString('base64')}`,
  ORCID_REGISTRY: 'local',
  ORCID_ISSUER: 'http://localhost:4000',
  ORCID_API_URL: 'http://localhost:4000/v3.0',
  ORCID_CLIENT_ID: 'APP-0000000000000001',
  ORCID_CLIENT_SECRET: '6f1f2f36-7a5a-4c38-9d9a-1f1d9f6e7c11',
}
const institutionOf = (env: Record<string, string>, values: Record<string, string>) => {
  const parsed = parseEnv({ ...source, ...env }, values)
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  return parsed.env.institution
}
const identity = listKeys('identity', 'en', [])
const languages = listKeys('languages', 'en', [])
const texts = listKeys('texts', 'en', ['openid', '/read-limited'])

test('the environment comes before the settings, and those before the defaults', () => {
  expect(institutionOf({ INSTITUTION_NAME: 'A' }, { INSTITUTION_NAME: 'B' }).name).toBe('A')
  expect(institutionOf({ INSTITUTION_NAME: '' }, { INSTITUTION_NAME: 'B' })).toMatchObject({
    name: 'B',
    isReady: false,
  })
  expect(institutionOf({}, {})).toMatchObject({ name: 'localhost', isReady: false, timeZone: 'UTC' })
  expect(institutionOf({}, { INSTITUTION_NAME: 'B', SUPPORT_EMAIL: 'a@example.edu' }).isReady).toBe(true)
})

test('nothing but what may be set there is taken from the settings', () => {
  const parsed = parseEnv(source, { ORCID_CLIENT_ID: 'APP-OTHER', STAFF_ADMINS: '0000-0002-1825-0097' })
  expect('env' in parsed && parsed.env).toMatchObject({ orcid: { clientId: 'APP-0000000000000001' }, staffAdmins: [] })
})

test('a setting that cannot be used is named, and the others hold', () => {
  const values = { INSTITUTION_TIME_ZONE: 'Europe/Nowhere', INSTITUTION_NAME: 'B' }
  expect(findUnusable(values, source)).toEqual(['INSTITUTION_TIME_ZONE'])
})

test('each default is the one of its variable', () => {
  for (const [name, text] of Object.entries(defaults)) {
    const { shape } = variables
    const variable = name as SettableVariable
    expect(shape[variable].parse(text), name).toEqual(shape[variable].parse(undefined))
  }
})

test('an untouched form changes nothing, on every page', () => {
  for (const section of sections) {
    const keys = listKeys(section, 'en', ['openid', '/read-limited'])
    const values: Record<string, string> = {
      INSTITUTION_NAME: 'B',
      SUPPORT_EMAIL: 'a@example.edu',
      INSTITUTION_LANGUAGES: 'es en',
      'texts.en.recipients': 'One\nTwo',
      'texts.en.reasons./read-limited': '',
    }
    const { values: read, faults } = readTyped(keys, toTyped(keys, values, ['es', 'en']), ['en', 'es'])
    expect(faults).toEqual([])
    expect(read).toEqual(Object.fromEntries(keys.map((key) => [key, values[key] ?? null])))
  }
})

test('an accent that cannot be read on light pages is refused with the nearest one that can', () => {
  const typed = { INSTITUTION_NAME: 'B', INSTITUTION_ACCENT: '#ffcc00' }
  const [fault] = readTyped(identity, typed, []).faults
  expect(fault).toMatchObject({ key: 'INSTITUTION_ACCENT', code: 'contrast' })
  const nearest = fault?.values.nearest ?? ''
  expect(readTyped(identity, { ...typed, INSTITUTION_ACCENT: nearest }, []).faults).toEqual([])
})

test.each([
  [identity, { INSTITUTION_NAME: ' ' }, 'missing'],
  [identity, { INSTITUTION_NAME: 'B', INSTITUTION_ACCENT: 'red' }, 'unreadable'],
  [identity, { INSTITUTION_NAME: 'B', INSTITUTION_SHORT_NAME: 'x'.repeat(41) }, 'unreadable'],
  [languages, { INSTITUTION_LANGUAGES: 'en' }, 'no_language'],
  [texts, { 'texts.en.benefit': 'x'.repeat(601) }, 'too_long'],
  [texts, { 'texts.en.recipients': 'x\n'.repeat(21) }, 'too_many'],
  [texts, { 'texts.en.benefit': 'Please set your works to visible for everyone.' }, 'asks_to_publish'],
  [texts, { 'texts.en.reasons./read-limited': 'So make your e-mail address public.' }, 'asks_to_publish'],
])('a fault stands at its field', (keys, typed, code) => {
  expect(readTyped(keys, typed as Record<string, string>, ['en', 'es']).faults.map((one) => one.code)).toEqual([code])
})

test('the permission to know the iD stays on the list of what is asked for', () => {
  const off = { 'off:texts.en.reasons.openid': 'yes', 'off:texts.en.reasons./read-limited': 'yes' }
  const { values } = readTyped(texts, off, [])
  expect(values).toMatchObject({ 'texts.en.reasons.openid': null, 'texts.en.reasons./read-limited': '' })
})

test('the form of the second of two people takes over what the first changed and they did not', () => {
  const typed = { INSTITUTION_NAME: 'Old', INSTITUTION_SHORT_NAME: 'Mine' }
  const read = { INSTITUTION_NAME: 'Old', INSTITUTION_SHORT_NAME: 'Mine' }
  const changed = [
    { key: 'INSTITUTION_NAME', before: 'Old' },
    { key: 'INSTITUTION_SHORT_NAME', before: null },
  ]
  const current = { values: { INSTITUTION_NAME: 'New', INSTITUTION_SHORT_NAME: 'Theirs' }, languages: ['en'] }
  expect(takeOver(typed, read, changed, current)).toEqual({ INSTITUTION_NAME: 'New', INSTITUTION_SHORT_NAME: 'Mine' })
})
