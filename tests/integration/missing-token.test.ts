import { beforeEach, describe, expect, test } from 'vitest'
import { connect, until } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import type { Visitor } from '@/tests/support/visitor'

const ada = '0000-0099-9458-0735'
const grace = '0000-0099-5475-2774'
const fixture = stackPerFile({ STAFF_ADMINS: grace })
const at = (path: string) => new URL(path, fixture.stack.portal.url).href
const recorded = 'The permission is recorded, but its token is missing here'
let staff: Visitor
let visitor: Visitor

const ofAda = `researcher_id = (select id from researcher where orcid = '${ada}')`
const ways = {
  'is gone': `sealed_access_token = null, sealed_refresh_token = null, sealed_response = null`,
  'was sealed with a key that is gone': `sealed_access_token = replace(sealed_access_token, 'c1.k1.', 'c1.k0.')`,
}

beforeEach(async () => {
  staff = (await connect(fixture.stack, { orcid: grace, purpose: 'sign-in' })).visitor
  visitor = (await connect(fixture.stack, { orcid: ada })).visitor
})

/** Enters one item for Ada and gives the page that shows what would happen. */
async function preview(): Promise<{ body: string; draft: string }> {
  const answer = await staff.post(at('/staff/affiliations/entry'), [
    ['orcid', ada],
    ['type', 'employment'],
    ['title', 'Lecturer'],
    ['start', '2021'],
  ])
  const { body } = await staff.get(at(answer.location ?? ''))
  return { body, draft: new URL(at(answer.location ?? '')).searchParams.get('draft') ?? '' }
}

const item = async () => (await fixture.rows('select id::text, state::text from affiliation'))[0]

describe.each(Object.entries(ways))('a permission whose token %s', (_how, change) => {
  beforeEach(() => fixture.rows(`update "grant" set ${change} where ${ofAda}`))

  test('is not called a missing permission: item, preview, person and record name the token, until it is there', async () => {
    const { body, draft } = await preview()
    expect(body).toContain('This affiliation is allowed, but the token of that permission is missing here.')
    expect(body).toContain('waits for a token')
    expect(body).not.toContain('waits for permission')
    await staff.post(at('/staff/affiliations/apply'), [['draft', draft]])
    const { id } = await until('the item is held', async () => {
      const found = await item()
      return found?.state === 'no_token' && found
    })
    const page = await staff.get(at(`/staff/affiliations/${id}`))
    expect(page.body).toContain('Needs a new connection')
    expect(page.body).toContain(`${recorded}, so nothing can be written. Ask the person to connect again`)
    expect((await staff.get(at('/staff/affiliations?state=no_token'))).body).toContain('Lecturer')

    expect((await staff.get(at(`/staff/researchers/${ada}`))).body).toContain(`${recorded}.`)
    expect((await visitor.get(at('/me'))).body).toContain(
      'We cannot use your permission, because the key that ORCID gave us for it is missing here',
    )
    const record = await staff.get(at(`/staff/researchers/${ada}/record?wait`))
    expect(record.body).toContain('Read as public data only')
    expect(record.body).not.toContain('Read without a permission')
    const checked = await staff.follow(await staff.post(at('/staff/researchers/check'), [['orcid', ada]]))
    expect(checked.body).toContain(recorded)
    expect(checked.body).not.toContain('ORCID was asked just now')

    await connect(fixture.stack, { orcid: ada }, visitor)
    await staff.post(at('/staff/affiliations/retry'), [['affiliation', id]])
    await until('the item is written', async () => (await item())?.state === 'in_orcid')
    expect((await staff.get(at(`/staff/researchers/${ada}`))).body).not.toContain(recorded)
  })
})

test('a permission that covers too little is still called one', async () => {
  await fixture.rows('delete from session')
  await fixture.rows(`update "grant" set state = 'expired', ended_at = now() where ${ofAda}`)
  await connect(fixture.stack, { orcid: ada, scopes: ['/read-limited'] })
  await fixture.rows(`update "grant" set ${ways['is gone']} where ${ofAda}`)
  staff = (await connect(fixture.stack, { orcid: grace, purpose: 'sign-in' })).visitor
  const { body, draft } = await preview()
  expect(body).toContain('waits for permission')
  await staff.post(at('/staff/affiliations/apply'), [['draft', draft]])
  await until('the item is held', async () => (await item())?.state === 'no_permission')
})
