import { describe, expect, test } from 'vitest'
import { db } from '@/lib/db'
import { connect } from '@/tests/support/journey'
import { ada, identified, position, proxyPerFile } from '@/tests/support/proxy'
import type { Visitor } from '@/tests/support/visitor'
import { words } from '@/tests/support/words'

const { fixture, now, post, read: proxied } = proxyPerFile()
const grace = '0000-0099-5475-2774'
const read = async (visitor: Visitor, path: string) =>
  (await visitor.get(`${fixture.stack.portal.url}${path}`)).body.replaceAll(/<script\b[\s\S]*?<\/script>/g, '')
const me = async () => (await connect(fixture.stack, { orcid: ada, purpose: 'sign-in' })).visitor
const stop = (kind: 'paused' | 'stopped') =>
  fixture.rows(`insert into system_stop (system_id, researcher_id, kind) values ($1, $2, $3::system_stop_kind)`, [
    now.system.id,
    now.researcherId,
    kind,
  ])

describe('an entry that a system added', () => {
  test('is told as the system’s, in the list and in the history, and not as the office’s', async () => {
    expect((await post(position(identified('hr-1')))).status).toBe(201)
    const page = words(await read(await me(), '/me'))
    expect(page).toContain('Staff pages added this')
    expect(page).toContain('Staff pages prepared an entry for your ORCID record')
    expect(page).not.toContain('The research office added this')
    expect(page).not.toContain('The research office prepared')
  })

  test.each([
    ['paused', 'You paused Staff pages. This is written only if you let it go on.'],
    ['stopped', 'You stopped Staff pages. This is written only if you let it use your permission again.'],
  ] as const)('says, while it waits, that the person %s the system', async (kind, sentence) => {
    await post(position(identified('hr-1')), { headers: { Prefer: 'respond-async' } })
    await db().affiliation.updateMany({ data: { state: 'pending', putCode: null, writtenRevision: null } })
    const visitor = await me()
    expect(words(await read(visitor, '/me'))).not.toContain(sentence)
    await stop(kind)
    expect(words(await read(visitor, '/me'))).toContain(sentence)
  })

  test('has a button to remove it only where there is a permission to do so, and otherwise says what to do', async () => {
    await post(position(identified('hr-1')))
    const visitor = await me()
    expect(await read(visitor, '/me')).toContain('Remove from my record')
    await visitor.post(`${fixture.stack.portal.url}/me/withdrawal`)
    const page = await read(await me(), '/me')
    expect(page).toContain('Lecturer')
    expect(page).not.toContain('Remove from my record')
    expect(page).not.toContain('If you remove an entry here')
    expect(words(page)).toContain('We have no permission to remove entries from your record.')
  })
})

describe('a work that waits for its person', () => {
  test('says that the permission to add it is missing too, and leads to it', async () => {
    const work = {
      title: { title: { value: 'On bees' } },
      type: 'journal-article',
      'external-ids': {
        'external-id': [
          {
            'external-id-type': 'doi',
            'external-id-value': '10.1000/bees',
            'external-id-relationship': 'self',
          },
        ],
      },
    }
    expect((await proxied('/work', { method: 'POST', body: work })).status).toBe(202)
    const visitor = await me()
    const sentence = 'We also need your permission to add activities.'
    expect(words(await read(visitor, '/me/works'))).not.toContain(sentence)
    await fixture.rows(`update researcher set live_scopes = '{/read-limited}', live_scopes_given_at = array[now()]`)
    const page = await read(visitor, '/me/works')
    expect(words(page)).toContain(sentence)
    expect(page).toContain('name="scope" value="/activities/update"')
  })
})

describe('a conflict about somebody’s iD', () => {
  test('is told to them on their page, and to staff on the pages of both people', async () => {
    const other = await db().person.create({
      data: { localId: '0007', origin: 'imported', givenName: 'Ada', familyName: 'Specimen' },
    })
    const { id } = await db().person.findUniqueOrThrow({ where: { orcid: ada } })
    await db().conflict.create({
      data: { kind: 'names_differ', personId: other.id, otherPersonId: id, researcherId: now.researcherId },
    })
    expect(words(await read(await me(), '/me'))).toContain('Staff are checking whose iD this is.')
    const { visitor: staff } = await connect(fixture.stack, { orcid: grace, purpose: 'sign-in' })
    for (const path of [`/staff/researchers/${ada}`, `/staff/people/${other.id}`])
      expect([path, (await read(staff, path)).includes('/staff/conflicts/')]).toEqual([path, true])
  })
})
