import { beforeEach, describe, expect, test } from 'vitest'
import { connect, goToOrcid } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import { Visitor } from '@/tests/support/visitor'

const grace = '0000-0099-5475-2774'
const josiah = '0000-0002-1825-0097'
const fixture = stackPerFile({ STAFF_ADMINS: grace, INSTITUTION_NAME: '' })
const at = (path: string) => new URL(path, fixture.stack.portal.url).href
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
let staff: Visitor

beforeEach(async () => {
  staff = (await connect(fixture.stack, { orcid: grace, purpose: 'sign-in' })).visitor
  // The portal notices at once that the tables were emptied.
  await staff.get(at('/staff/settings'))
})

const read = async (path: string) => (await staff.get(at(path))).body
const versionOf = async (path: string) => /name="version" value="(\d+)"/.exec(await read(path))?.[1] ?? ''
const send = (fields: Record<string, string>) => staff.post(at('/staff/settings/entry'), Object.entries(fields))
const rows = () => fixture.rows('select key, value from setting order by id')
const events = async () =>
  (await fixture.rows(`select detail from audit_event where action = 'settings.changed' order by id`)).map(
    ({ detail }) => detail,
  )
const identity = { section: 'identity', INSTITUTION_NAME: 'Example College', INSTITUTION_ACCENT: '#1d4f91' }

describe('the settings', () => {
  test('are saved together with an event each, and only what changed', async () => {
    await send({ ...identity, version: '0' })
    expect(await rows()).toEqual([{ key: 'INSTITUTION_NAME', value: 'Example College' }])
    expect(await events()).toEqual([{ setting: 'INSTITUTION_NAME', before: null, after: 'Example College' }])
    expect((await new Visitor().get(at('/'))).body).toContain('Example College')
    const same = await send({ ...identity, version: await versionOf('/staff/settings') })
    expect(same.location).toContain('note=same')
  })

  test('with a fault in one field save none, and the form has what was typed', async () => {
    const { location } = await send({ ...identity, INSTITUTION_ACCENT: '#ffff00', version: '0' })
    expect(await rows()).toEqual([])
    const page = await read(location ?? '')
    expect(page).toContain('value="Example College"')
    expect(page).toContain('has to be 4.5:1')
  })

  test('of the second of two administrators are not saved, and their form has what the first changed', async () => {
    const version = await versionOf('/staff/settings')
    await send({ ...identity, version })
    const { location } = await send({ ...identity, INSTITUTION_NAME: '', INSTITUTION_SHORT_NAME: 'EC', version })
    expect(location).toContain('wrong=yes')
    const second = await send({ ...identity, INSTITUTION_NAME: 'Other College', version })
    const page = await read(second.location ?? '')
    expect(page).toContain('Somebody else changed these settings')
    expect(page).toContain('value="Other College"')
    expect(await rows()).toHaveLength(1)
  })

  test('of another language have their preview and the portal’s words in that language', async () => {
    const page = await read('/staff/settings?section=texts&locale=es')
    const preview = page.slice(page.indexOf('id="preview"'))
    expect(preview).toContain('Más en orcid.org')
    expect(preview).toContain('Decir que no no tiene ninguna consecuencia para usted.')
    expect(preview).not.toContain('More at orcid.org')
    expect(page).toContain('The portal’s words: “La oficina de investigación”')
  })

  test('that were typed and looked at are still there after a look at another page', async () => {
    const { location = '' } = await send({ ...identity, INSTITUTION_SHORT_NAME: 'EC', do: 'preview', version: '0' })
    const draft = /draft=([\w-]+)/.exec(location ?? '')?.[1]
    const other = await read(`/staff/settings?section=contact&draft=${draft}`)
    expect(other).toContain('What you typed under Identity is not saved yet.')
    const own = await read(location ?? '')
    expect(own).toContain(`section=contact&amp;draft=${draft}`)
    expect(own).toContain('<span class="sm:hidden">EC</span>')
    expect(await read(`/staff/settings?section=identity&draft=${draft}`)).toContain('value="Example College"')
  })

  test('that the environment sets stay as they are, whatever a form says', async () => {
    await send({ section: 'contact', SUPPORT_EMAIL: 'other@example.edu', PRIVACY_URL: '', version: '0' })
    expect(await rows()).toEqual([])
    expect(await read('/')).toContain('orcid-help@example.org')
  })

  test('have a logo, which is shown at once, whose bytes are in no event, and which goes again', async () => {
    await send({ ...identity, version: '0' })
    const upload = async (bytes: Buffer, fields: Record<string, string>) => {
      const data = new FormData()
      for (const [name, value] of Object.entries(fields)) data.set(name, value)
      data.set('file', new Blob([new Uint8Array(bytes)]), 'logo')
      return staff.post(at('/staff/settings/logo'), data)
    }
    const about = { logo: 'INSTITUTION_LOGO', version: await versionOf('/staff/settings') }
    expect((await upload(Buffer.from('<svg xmlns="a"/>'), about)).location).toContain('logo=no_viewbox')
    expect((await upload(Buffer.from('GIF89a'), about)).location).toContain('logo=unreadable')
    expect((await upload(png, { ...about, logo: 'INSTITUTION_LOGO_DARK' })).location).toContain('logo=light_first')
    await upload(png, about)
    expect((await staff.get(at('/logo'))).headers.get('content-type')).toBe('image/png')
    expect((await events()).at(-1)).toEqual({ setting: 'INSTITUTION_LOGO', before: null, after: 'png' })
    await upload(Buffer.from(''), { ...about, do: 'remove', version: await versionOf('/staff/settings') })
    expect((await staff.get(at('/logo'))).headers.get('content-type')).toBe('image/svg+xml')
  })
})

describe('a new text', () => {
  const texts = { section: 'texts', locale: 'en', version: '0' }
  const reason = 'texts.en.reasons./read-limited'

  test('is asked with from then on, and sends back whoever read the former one', async () => {
    await send({ ...identity, version: '0' })
    const { visitor } = await connect(fixture.stack, { orcid: josiah })
    const reader = new Visitor()
    const systems = /name="systems" value="([^"]*)"/.exec((await reader.get(at('/'))).body)?.[1] ?? ''
    await send({ ...texts, [reason]: 'so that the list of publications is filled' })
    const stale = await reader.post(at('/connect/start'), [['systems', systems]])
    expect(stale.location).toBe('/connect/text-changed')
    const shown = await fixture.rows(`select content->'permissions' as said from shown_text`)
    expect(JSON.stringify(shown)).not.toContain('so that the list of publications is filled')
    expect((await visitor.get(at('/me'))).body).not.toContain('so that the list of publications is filled')
    await goToOrcid(fixture.stack, reader, { orcid: josiah })
    const later = await fixture.rows(`select content->'permissions' as said from shown_text`)
    expect(JSON.stringify(later)).toContain('so that the list of publications is filled')
  })

  test('without a reason takes the permission off what is asked for', async () => {
    await send({ ...identity, version: '0' })
    await send({ ...texts, [`off:${reason}`]: 'yes' })
    const front = (await new Visitor().get(at('/'))).body
    expect(front).not.toContain('/read-limited')
  })
})

test('nobody is sent to ORCID before the institution has a name', async () => {
  const reader = new Visitor()
  const answer = await reader.post(at('/connect/start'))
  expect(answer.location).toBe('/connect/unavailable')
})
