import { describe, expect, test } from 'vitest'
import { removeAffiliation } from '@/lib/affiliations/commands'
import { checkAffiliations } from '@/lib/affiliations/drift'
import { writeAffiliation } from '@/lib/affiliations/writing'
import { row, toCsv } from '@/tests/support/affiliations'
import { readFileOfItems, rowsOfImport } from '@/tests/support/affiliations-import'
import { workInside } from '@/tests/support/inside'
import { itemsPerFile } from '@/tests/support/items'
import { connect } from '@/tests/support/journey'

const ada = '0000-0099-9458-0735'
const given = itemsPerFile(ada)
const { fixture, take, work, items, posts, states, one, fault } = given
workInside(fixture)

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
      await removeAffiliation(given.staff, id, 'TEST-0001')
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
    expect(await rowsOfImport(await readFileOfItems(given.staff, csv))).toEqual([
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
