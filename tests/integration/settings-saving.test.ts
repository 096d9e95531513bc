import { beforeEach, expect, test } from 'vitest'
import { env } from '@/lib/config/env'
import { followSettings, settings } from '@/lib/config/settings'
import { db } from '@/lib/db'
import { saveSettings } from '@/lib/settings/commands'
import { findSettingsDraft, saveSettingsDraft } from '@/lib/settings/drafts'
import { listSettingChanges, refreshSettings } from '@/lib/settings/queries'
import { getInstitutionTexts } from '@/lib/texts/queries'
import { makeStaffActor } from '@/tests/support/actors'
import { workInOwnDatabase } from '@/tests/support/inside'

const actor = makeStaffActor({ role: 'admin' })
const other = makeStaffActor({ role: 'admin' })
workInOwnDatabase(actor, other)

const key = 'INSTITUTION_SHORT_NAME'
const save = (values: Record<string, string | null>, version = settings().version, by = actor) =>
  saveSettings(by, { values, version }, 'AAAA-BBBB')
const events = async () =>
  (await db().auditEvent.findMany({ where: { action: 'settings.changed' }, orderBy: { id: 'asc' } })).map(
    ({ detail }) => detail,
  )

beforeEach(refreshSettings)

test('a setting is saved with its event and followed, and one that stays the same is neither', async () => {
  await save({ [key]: 'EC', PRIVACY_URL: null })
  expect(env().institution.shortName).toBe('EC')
  expect(await save({ [key]: 'EC' })).toEqual({ saved: 0 })
  await save({ [key]: null })
  expect(env().institution.shortName).toBe(env().institution.name)
  expect(await events()).toEqual([
    { setting: key, before: null, after: 'EC' },
    { setting: key, before: 'EC', after: null },
  ])
})

test('of two people at once one saves, and the other is told what changed and has saved nothing', async () => {
  const { version } = settings()
  const results = await Promise.all([
    save({ [key]: 'One', INSTITUTION_TIME_ZONE: 'Europe/Madrid' }, version),
    save({ [key]: 'Two', PRIVACY_URL: 'https://example.edu' }, version, other),
  ])
  const refused = results.find((one) => 'changedMeanwhile' in one)
  expect(results.filter((one) => 'saved' in one)).toEqual([{ saved: 2 }])
  const saved = settings().values[key]
  expect(refused).toMatchObject({ changedMeanwhile: [{ key, before: null, after: saved }] })
  expect('PRIVACY_URL' in settings().values).toBe(saved === 'Two')
})

test('another process follows what was saved, and a logo is in its list and its event without its bytes', async () => {
  const logo = `data:image/png;base64,${Buffer.from('secret bytes').toString('base64')}`
  await save({ INSTITUTION_LOGO: logo, 'texts.en.benefit': 'A benefit.' })
  followSettings({ version: 0, values: {} })
  await refreshSettings()
  expect(settings().values.INSTITUTION_LOGO).toBe(logo)
  expect(getInstitutionTexts('en').benefit).toBe('A benefit.')
  expect((await events()).at(-2)).toEqual({ setting: 'INSTITUTION_LOGO', before: null, after: 'png' })
  const [change] = await listSettingChanges(actor, { keys: ['INSTITUTION_LOGO'], most: 5 })
  expect(change).toMatchObject({ before: null, after: 'png' })
  // It is no picture: left out, and the portal goes on.
  expect(env().institution.logo).toBeUndefined()
})

test('what was typed is kept for whoever typed it, on its page alone', async () => {
  const draft = {
    section: 'identity' as const,
    locale: 'en',
    version: 1,
    typed: { a: 'b' },
    faults: [],
    isOutdated: false,
  }
  const id = await saveSettingsDraft(actor, draft)
  expect(await findSettingsDraft(actor, draft, id)).toEqual(draft)
  expect(await findSettingsDraft(other, draft, id)).toBeNull()
  expect(await findSettingsDraft(actor, { section: 'texts', locale: 'en' }, id)).toBeNull()
})
