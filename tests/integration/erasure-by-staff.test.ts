import { describe, expect, test } from 'vitest'
import { connect, until } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'

const ada = '0000-0099-9458-0735'
const josiah = '0000-0002-1825-0097'
const grace = '0000-0099-5475-2774'
const sure: [string, string] = ['sure', 'yes']

const fixture = stackPerFile({ STAFF_ADMINS: grace })

const at = (path: string) => `${fixture.stack.portal.url}${path}`
const adminSignsIn = async () => (await connect(fixture.stack, { orcid: grace, purpose: 'sign-in' })).visitor
const erasure = (orcid: string, reason = 'asked'): [string, string][] => [['orcid', orcid], ['reason', reason], sure]
const idOf = async (orcid: string) => (await fixture.rows('select id from researcher where orcid = $1', [orcid]))[0]?.id

const history = () => fixture.rows(`select id::int, to_jsonb(e) as row from audit_event e order by id`)

describe('an administrator who erases somebody', () => {
  test('takes them out of every list, count and export, and signs them out at once', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await connect(fixture.stack, { orcid: josiah })
    const admin = await adminSignsIn()
    const person = `/staff/researchers/${ada}`
    expect((await admin.get(at(person))).body).toContain(`${person}/erase`)
    expect((await admin.get(at(`${person}/erase`))).body).toContain('Why are you erasing this person?')
    expect((await admin.get(at(`${person}/erase?reason=left`))).body).toContain('They have left the institution')
    const answer = await admin.post(at('/staff/researchers/erasure'), erasure(ada, 'left'))
    expect(fixture.pathOf(answer.location)).toBe('/staff/researchers/erased')

    expect(fixture.pathOf((await visitor.get(at('/me'))).location)).toBe('/sign-in')
    expect((await admin.get(at(person))).status).toBe(404)
    for (const path of [
      '/staff',
      '/staff/figures',
      '/staff/researchers',
      '/staff/researchers/export?format=csv',
      '/staff/researchers/export?format=json',
    ]) {
      const { status, body } = await admin.get(at(path))
      expect(status, path).toBe(200)
      expect(body, path).not.toContain(ada)
      expect(body, path).not.toContain('Ada Q. Example')
    }
    expect((await admin.get(at('/staff/researchers?q=example'))).body).not.toContain(ada)
    expect((await admin.get(at('/staff/researchers'))).body).toContain('One person')
    expect(await fixture.rows('select reason::text, actor_kind::text from erasure')).toEqual([
      { reason: 'left', actor_kind: 'staff' },
    ])
    await until('the erased person has no live token', async () =>
      (await fixture.liveTokens()).every(({ orcid }) => orcid !== ada),
    )
  })

  test('may press the button twice, and has to give a reason of the list', async () => {
    await connect(fixture.stack, { orcid: ada })
    const admin = await adminSignsIn()
    for (const fields of [erasure(ada, 'because'), [['orcid', ada], sure], erasure('x')] as [string, string][][]) {
      expect((await admin.post(at('/staff/researchers/erasure'), fields)).status).toBe(400)
    }
    for (let press = 0; press < 2; press++) {
      const { location } = await admin.post(at('/staff/researchers/erasure'), erasure(ada))
      expect(fixture.pathOf(location)).toBe('/staff/researchers/erased')
    }
    expect(await fixture.rows('select 1 from erasure')).toHaveLength(1)
  })

  test.each(['viewer', 'manager'])('is nobody with the role of a %s', async (role) => {
    await connect(fixture.stack, { orcid: ada })
    const staff = await adminSignsIn()
    await fixture.rows('update staff_member set role = $1::staff_role', [role])
    try {
      expect((await staff.get(at(`/staff/researchers/${ada}`))).body).not.toContain('Erase this person')
      for (const path of [`/staff/researchers/${ada}/erase`, '/staff/researchers/erased']) {
        expect((await staff.get(at(path))).status, path).toBe(404)
      }
      expect((await staff.post(at('/staff/researchers/erasure'), erasure(ada))).status).toBe(404)
      expect(await idOf(ada)).toBeDefined()
    } finally {
      await fixture.rows(`update staff_member set role = 'admin'`)
    }
  })
})

test('the history names nobody: neither iD nor name is in any event, whatever was done', async () => {
  const { visitor } = await connect(fixture.stack, { orcid: ada })
  const admin = await adminSignsIn()
  await admin.get(at(`/staff/researchers/${ada}`))
  await (await admin.get(at('/staff/researchers/export?format=csv&q=Ada'))).body
  await visitor.get(at('/me/data'))
  await visitor.post(at('/me/withdrawal'))
  await admin.post(at('/staff/researchers/erasure'), erasure(ada))
  const events = JSON.stringify(await history())
  for (const personal of [ada, 'Ada', grace, 'Grace', 'Example']) expect(events).not.toContain(personal)
})
