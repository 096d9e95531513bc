import { beforeEach, describe, expect, test } from 'vitest'
import { type StaffActor, system } from '@/lib/actor'
import { removeAffiliation, retryAffiliation } from '@/lib/affiliations/commands'
import { checkAffiliations } from '@/lib/affiliations/drift'
import { writeAffiliation } from '@/lib/affiliations/writing'
import { checkGrant } from '@/lib/checks/commands'
import { makeStaffActor } from '@/tests/support/actors'
import { ourItems, type Row, row, toCsv } from '@/tests/support/affiliations'
import { importItems, readFileOfItems, rowsOfImport } from '@/tests/support/affiliations-import'
import { workInside } from '@/tests/support/inside'
import { connect } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import { Visitor } from '@/tests/support/visitor'
import { workOnce } from '@/tests/support/work-affiliations'

const ada = '0000-0099-9458-0735'
const grace = '0000-0099-5475-2774'
const fixture = stackPerFile({ STAFF_ADMINS: grace, WORKER: 'none' })
workInside(fixture)
let staff: StaffActor

beforeEach(async () => {
  const [{ id } = { id: '' }] = await fixture.rows('select id::text from staff_member where orcid = $1', [grace])
  staff = makeStaffActor({ staffId: id, orcid: grace, role: 'admin' })
  await fixture.stack.registry.configure({ limit: { enabled: false } })
  await connect(fixture.stack, { orcid: ada })
})

/** Takes a file over, as somebody does who looks at the preview and agrees. */
const take = (...rows: Row[]) => importItems(staff, toCsv(rows))
const work = () => workOnce(fixture.rows)
const items = () => ourItems(fixture.stack.registry, ada)
const posts = async () =>
  (await fixture.stack.registry.apiRequests()).filter(({ method, status }) => method === 'POST' && status === 201)
    .length
const states = async () =>
  (await fixture.rows('select state::text from affiliation order by added_at, id')).map(({ state }) => state)
const one = async () => (await fixture.rows('select *, id::text from affiliation'))[0] ?? {}
const fault = (
  fault: 'lost' | 'unavailable_503' | 'html_500' | 'torn_json',
  method: 'POST' | 'PUT' | 'GET' | 'DELETE',
) => fixture.stack.registry.addFault({ on: 'api', fault, method, issued: fault === 'html_500' })

describe('an item that staff import', () => {
  test('is on the record with its number, says what the file said, and is written once however often it is run', async () => {
    await take(row(ada, { title: 'Professor of “Things”', end: '2024-02-29', url: 'https://www.example.org/staff/1' }))
    await work()
    await work()
    const [item, ...others] = await items()
    expect(others).toEqual([])
    expect(item).toMatchObject({
      section: 'employment',
      content: {
        'role-title': 'Professor of “Things”',
        'department-name': 'Physics',
        organization: {
          name: 'University of Example',
          address: { city: 'Exampleton', country: 'GB' },
          'disambiguated-organization': { 'disambiguated-organization-identifier': 'https://ror.org/0c0nc0r64' },
        },
      },
    })
    expect(await one()).toMatchObject({ state: 'in_orcid', put_code: item?.putCode, posted_revision: null })
    expect(
      await take(
        row(ada, { title: 'Professor of “Things”', end: '2024-02-29', url: 'https://www.example.org/staff/1' }),
      ),
    ).toMatchObject({ written: 0, unchanged: 1 })
  })

  test('of each of the seven kinds is written where it belongs, and taken away again', async () => {
    const kinds = [
      'employment',
      'education',
      'qualification',
      'membership',
      'service',
      'invited position',
      'distinction',
    ]
    await take(...kinds.map((type) => row(ada, { type })))
    await work()
    expect((await items()).map(({ section }) => section).sort()).toEqual(
      kinds.map((kind) => kind.replace(' ', '-')).sort(),
    )
    for (const { id } of await fixture.rows('select id::text from affiliation'))
      await removeAffiliation(staff, id, 'TEST-0001')
    await work()
    expect(await items()).toEqual([])
    expect(new Set(await states())).toEqual(new Set(['deleted']))
  })

  test('is brought up to date when the file says something else, and keeps its number', async () => {
    await take(row(ada))
    await work()
    const [{ putCode } = { putCode: '' }] = await items()
    expect(await take(row(ada, { end: '2025-12-31', title: 'Reader' }))).toMatchObject({ written: 1 })
    expect(await states()).toEqual(['updating'])
    await work()
    expect(await items()).toMatchObject([
      { putCode, content: { 'role-title': 'Reader', 'end-date': { year: { value: '2025' } } } },
    ])
    expect(await states()).toEqual(['in_orcid'])
  })
})

describe('nothing is written twice', () => {
  test('when the answer to a POST is lost, torn, or an error of a server on the way', async () => {
    for (const [index, how] of (['lost', 'torn_json', 'html_500'] as const).entries()) {
      await take(row(ada, { external_id: `hr-${index}` }))
      await fault(how, 'POST')
      await work()
      await work()
      expect(await items(), how).toHaveLength(index + 1)
    }
    expect(new Set(await states())).toEqual(new Set(['in_orcid']))
    expect(await posts()).toBe(3)
  })

  test('when ORCID has the item already: its number is read from the conflict, and it is brought up to date', async () => {
    await take(row(ada))
    await work()
    // As after a restore of a backup: the portal knows nothing of what it wrote.
    await fixture.rows('delete from affiliation')
    await take(row(ada, { title: 'Reader' }))
    await work()
    const [item, ...others] = await items()
    expect(others).toEqual([])
    expect(item?.content['role-title']).toBe('Reader')
    expect(await one()).toMatchObject({ state: 'in_orcid', put_code: item?.putCode })
  })

  test('when a worker dies before its POST is known, or after, or twenty workers run at once', async () => {
    await take(row(ada), row(ada, { external_id: 'hr-2' }))
    const [first, second] = await fixture.rows('select id::text from affiliation order by id')
    // Died with the POST on its way: it has arrived in one case and not in the other.
    await fixture.rows(
      `update affiliation set posted_revision = revision, claim_id = gen_random_uuid(), claimed_until = now()`,
    )
    await fixture.stack.registry.addItem(ada, {
      section: 'employment',
      source: { clientId: fixture.stack.registry.clientId, name: 'University of Example' },
      content: {
        'role-title': 'Lecturer',
        'external-ids': {
          'external-id': [
            { 'external-id-type': 'other-id', 'external-id-value': 'hr-1', 'external-id-relationship': 'self' },
          ],
        },
      },
    })
    const both = [first?.id, second?.id].flatMap((id) => Array<string>(10).fill(id))
    await Promise.all(both.map((id) => writeAffiliation(id)))
    expect(await items()).toHaveLength(2)
    expect(await states()).toEqual(['in_orcid', 'in_orcid'])
    expect(await posts()).toBe(1)
  })

  test('while another worker holds a claim that is still good', async () => {
    await take(row(ada))
    const { id } = await one()
    await fixture.rows(
      `update affiliation set claim_id = gen_random_uuid(), claimed_until = now() + interval '1 minute'`,
    )
    await writeAffiliation(id)
    expect(await items()).toEqual([])
  })
})

describe('the person has the last word', () => {
  test('what they deleted at ORCID is shown so, found by an update or by the comparison, and never comes back', async () => {
    await take(row(ada), row(ada, { external_id: 'hr-2' }))
    await work()
    for (const { putCode } of await items()) await fixture.stack.registry.removeItem(ada, Number(putCode))
    const [{ researcher_id } = { researcher_id: '' }] = await fixture.rows(
      'select researcher_id::text from affiliation',
    )
    await take(row(ada, { title: 'Reader' }))
    await work()
    await checkAffiliations(researcher_id)
    expect(await states()).toEqual(['deleted_by_person', 'deleted_by_person'])
    expect(await take(row(ada, { title: 'Dean' }), row(ada, { external_id: 'hr-2' }))).toMatchObject({
      written: 0,
      leftOut: 2,
    })
    await work()
    expect(await items()).toEqual([])
  })

  test('an outage in the comparison deletes nothing', async () => {
    await take(row(ada))
    await work()
    await fixture.stack.registry.addFault({ on: 'api', fault: 'html_500', times: 0 })
    await checkAffiliations(String((await one()).researcher_id))
    expect(await states()).toEqual(['in_orcid'])
  })

  test('what we wrote under another client id, and they keep private, is not taken for deleted until it is', async () => {
    await take(row(ada))
    await work()
    const [item] = await items()
    const putCode = Number(item?.putCode)
    const source = { clientId: 'APP-FORMER', name: 'Us, before' }
    await fixture.stack.registry.changeItem(ada, putCode, { visibility: 'private', source })
    const { researcher_id, checked_at } = await one()
    await checkAffiliations(String(researcher_id))
    const after = await one()
    expect([after.state, after.checked_at === checked_at]).toEqual(['in_orcid', false])
    await fixture.stack.registry.removeItem(ada, putCode)
    await checkAffiliations(String(researcher_id))
    expect(await states()).toEqual(['deleted_by_person'])
  })

  test('what says something else on the record is brought up to date', async () => {
    await take(row(ada))
    await work()
    const [item] = await items()
    await fixture.stack.registry.changeItem(ada, Number(item?.putCode), {
      content: { ...item?.content, 'role-title': 'Elsewhere' },
    })
    await checkAffiliations(String((await one()).researcher_id))
    expect(await states()).toEqual(['updating'])
    await work()
    expect((await items())[0]?.content['role-title']).toBe('Lecturer')
  })

  test('without a permission that covers it nothing is sent; it is written when they give one', async () => {
    await fixture.rows('delete from session')
    await fixture.rows(`update "grant" set state = 'expired', ended_at = now()`)
    await connect(fixture.stack, { orcid: ada, scopes: ['/read-limited'] })
    await take(row(ada))
    await work()
    expect(await states()).toEqual(['no_permission'])
    expect((await fixture.stack.registry.apiRequests()).filter(({ method }) => method === 'POST')).toEqual([])
    await connect(fixture.stack, { orcid: ada })
    await work()
    expect(await states()).toEqual(['in_orcid'])
  })

  test('after they withdrew nothing is written, and the item says so', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await take(row(ada))
    await work()
    await visitor.post(`${fixture.stack.portal.url}/me/withdrawal`)
    await take(row(ada, { title: 'Reader' }))
    await work()
    expect(await states()).toEqual(['person_withdrew'])
    expect((await items())[0]?.content['role-title']).toBe('Lecturer')
  })
})

describe('after the person withdrew at ORCID', () => {
  test('nothing is written, and what we wrote can still be deleted once ORCID’s word is confirmed', async () => {
    await take(row(ada))
    await work()
    const { registry } = fixture.stack
    const visitor = new Visitor()
    await visitor.post(`${registry.url}/signin`, [['orcid', ada]])
    await visitor.post(`${registry.url}/trusted-parties`, [['client_id', registry.clientId]])
    await take(row(ada, { title: 'Reader' }))
    await work()
    // Why ORCID refuses the token is for the check to say: in an outage nobody has withdrawn.
    expect(await one()).toMatchObject({ state: 'waiting_for_orcid', reason: 'invalid_token' })
    const [{ grant_id: grantId } = { grant_id: '' }] = await fixture.rows(
      `select payload->>'grantId' as grant_id from graphile_worker._private_jobs where payload->>'grantId' is not null`,
    )
    const check = async () => {
      await checkGrant(system, grantId, 'met')
      await fixture.rows(
        `update suspicion set since = since - interval '12 hours', last_asked_at = last_asked_at - interval '12 hours'`,
      )
    }
    const kept = () => fixture.rows('select state::text, sealed_access_token is not null as kept from "grant"')
    await check()
    await work()
    // Its permission is not missing, and not used either, while it is being checked.
    expect(await one()).toMatchObject({ state: 'waiting_for_orcid' })
    await check()
    await check()
    expect(await kept()).toEqual([{ state: 'withdrawn_at_orcid', kept: true }])
    await work()
    expect(await one()).toMatchObject({ state: 'person_withdrew', reason: null })
    await removeAffiliation(staff, String((await one()).id), 'TEST-0001')
    await work()
    expect([await states(), await items()]).toEqual([['deleted'], []])
  })
})

describe('what ORCID says', () => {
  test('when it is away is waited for, and nothing is lost', async () => {
    await take(row(ada))
    await fixture.stack.registry.addFault({ on: 'api', fault: 'unavailable_503', times: 0 })
    await work()
    expect(await states()).toEqual(['waiting_for_orcid'])
    await fixture.stack.registry.clearFaults()
    await work()
    expect(await states()).toEqual(['in_orcid'])
    expect(await items()).toHaveLength(1)
  })

  test('when the record is locked is shown, and tried again when staff ask for it', async () => {
    await take(row(ada))
    await fixture.stack.registry.setRecordState(ada, { state: 'locked' })
    await work()
    expect(await one()).toMatchObject({ state: 'refused', reason: 'locked' })
    await fixture.stack.registry.setRecordState(ada, { state: 'ok' })
    await retryAffiliation(staff, String((await one()).id), 'TEST-0001')
    await work()
    expect(await states()).toEqual(['in_orcid'])
  })
})

describe('a preview', () => {
  test('says of each bad row what is wrong, before anything is saved, and of an iD that nobody connected', async () => {
    const rows = [
      row(ada, { external_id: 'a', start: '2021-02-31' }),
      row(ada, { external_id: 'b', start: '2021', end: '2020' }),
      row(ada, { external_id: 'c', title: 'x'.repeat(5_000) }),
      row(ada, { external_id: '1.23E+15' }),
      row('0000-0002-1825-0097', { external_id: 'e' }),
      { ...row(ada, { external_id: 'f' }), put_code: '4711' },
      row(ada, { external_id: 'good' }),
    ]
    const csv = toCsv(rows.map((one) => ({ put_code: '', ...one })))
    expect(await rowsOfImport(await readFileOfItems(staff, csv))).toEqual([
      '2 refused start not_a_date',
      '3 refused end end_before_start',
      '4 refused title too_long',
      '5 refused external_id rewritten_number',
      '6 refused orcid not_found',
      '7 refused put_code put_code_not_ours',
      '8 added',
    ])
    expect(await states()).toEqual([])
  })
})
