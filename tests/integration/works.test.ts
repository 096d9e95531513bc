import { beforeEach, describe, expect, test } from 'vitest'
import { type StaffActor, system } from '@/lib/actor'
import { saveRows } from '@/lib/affiliations/commands'
import { checkAffiliations } from '@/lib/affiliations/drift'
import { toWorkItem } from '@/lib/affiliations/work-item'
import { db, inTransaction } from '@/lib/db'
import type { Work } from '@/lib/orcid/work'
import { unbind } from '@/lib/people/binding'
import { answerForWorks, chooseWorksPreference, forgetWorksAnswers, listMyWaitingWorks } from '@/lib/works/answers'
import { makeResearcherActor, makeStaffActor } from '@/tests/support/actors'
import { ourItems } from '@/tests/support/affiliations'
import { workInside } from '@/tests/support/inside'
import { connect } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import { addSystem } from '@/tests/support/systems'
import { workOnce } from '@/tests/support/work-affiliations'

const ada = '0000-0099-9458-0735'
const grace = '0000-0099-5475-2774'
const fixture = stackPerFile({ STAFF_ADMINS: grace, WORKER: 'none' })
workInside(fixture)
let staff: StaffActor
let me: ReturnType<typeof makeResearcherActor>
let personId: string

beforeEach(async () => {
  const { id } = await db().staffMember.findFirstOrThrow({ where: { orcid: grace } })
  staff = makeStaffActor({ staffId: id, orcid: grace, role: 'admin' })
  await fixture.stack.registry.configure({ limit: { enabled: false } })
  await connect(fixture.stack, { orcid: ada })
  const researcher = await db().researcher.findFirstOrThrow({ where: { orcid: ada }, include: { person: true } })
  me = makeResearcherActor({ researcherId: researcher.id, orcid: ada })
  personId = researcher.person?.id ?? ''
})

const bees = (value = '10.1000/bees', more: Partial<Work> = {}): Work => ({
  type: 'journal-article',
  title: 'On bees',
  subtitle: null,
  journalTitle: 'Apidology',
  externalId: { type: 'doi', value, url: `https://doi.org/${value}` },
  publishedOn: '2024-05',
  url: null,
  contributors: [
    { name: 'Ada Lovelace', role: 'author', orcid: ada },
    { name: 'Grace Hopper', role: null, orcid: null },
  ],
  ...more,
})
/** As a file does: it always asks. */
const take = (work: Work, existing: Parameters<typeof saveRows>[2][number]['existing'] = null) =>
  inTransaction((tx) =>
    saveRows(tx, staff, [{ personId, existing, entry: { item: toWorkItem(work) } }], {
      origin: 'imported',
      requestId: 'TEST-0001',
    }),
  )
const answer = (answer: 'add' | 'refuse', work = 'all') => answerForWorks(me, { work, answer, requestId: 'TEST-0001' })
const work = () => workOnce(fixture.rows)
const works = async () => (await ourItems(fixture.stack.registry, ada)).filter(({ section }) => section === 'work')
const states = async () =>
  (await fixture.rows('select state::text from affiliation order by added_at, id')).map(({ state }) => state)

describe('a work', () => {
  test('is written after its person says so, and not before, once however often it is run', async () => {
    await take(bees())
    await work()
    expect([await states(), await works()]).toEqual([['waiting_for_answer'], []])
    expect(await listMyWaitingWorks(me)).toMatchObject([{ work: bees(), systemName: null }])
    await answer('add')
    await work()
    await work()
    expect(await works()).toMatchObject([
      {
        content: {
          title: { title: { value: 'On bees' } },
          type: 'journal-article',
          'publication-date': { year: { value: '2024' }, month: { value: '05' } },
          contributors: { contributor: [{ 'contributor-orcid': { path: ada } }, { 'contributor-orcid': null }] },
        },
      },
    ])
    expect(await states()).toEqual(['in_orcid'])
    await checkAffiliations(me.researcherId)
    expect(await states()).toEqual(['in_orcid'])
  })

  test('is once on the record after a lost answer', async () => {
    await take(bees())
    await answer('add')
    await fixture.stack.registry.addFault({ on: 'api', fault: 'lost', method: 'POST' })
    await work()
    expect(await states()).toEqual(['waiting_for_orcid'])
    await work()
    expect([await states(), (await works()).length]).toEqual([['in_orcid'], 1])
  })

  test('that the person refuses is not written, nor taken again', async () => {
    await take(bees())
    await answer('refuse')
    await work()
    expect([await states(), await works()]).toEqual([['deleted'], []])
    expect(await take(bees())).toEqual([])
  })

  test('that is on the record from somewhere else is not added, and says so', async () => {
    await fixture.stack.registry.addItem(ada, {
      section: 'work',
      content: {
        title: { title: { value: 'Bees' } },
        type: 'book',
        'external-ids': {
          'external-id': [
            {
              'external-id-type': 'doi',
              'external-id-value': 'https://doi.org/10.1000/BEES',
              'external-id-relationship': 'self',
            },
          ],
        },
      },
    })
    await take(bees())
    await answer('add')
    const before = (await works()).length
    await work()
    expect([await states(), (await works()).length]).toEqual([['already_there'], before])
  })

  test('asks again when the record turns out to be somebody else’s', async () => {
    await take(bees())
    await answer('add')
    await db().person.update({ where: { id: personId }, data: { origin: 'entered', localId: '77' } })
    await inTransaction((tx) => unbind(tx, system, { personId, ended: 'staff' }))
    expect(await fixture.rows('select state::text, asks from affiliation')).toEqual([
      { state: 'waiting_for_person', asks: true },
    ])
  })
})

test('after a restore, works that are not on a record ask again, and so does every system', async () => {
  await take(bees())
  await answer('add')
  await work()
  await take(bees('10.1000/other'))
  await answer('add')
  await chooseWorksPreference(me, 'automatic', 'TEST-0001')
  await inTransaction(forgetWorksAnswers)
  expect(await states()).toEqual(['in_orcid', 'waiting_for_answer'])
  await work()
  expect(await works()).toHaveLength(1)
  expect(await fixture.rows('select works_preference::text as chosen from researcher where orcid = $1', [ada])).toEqual(
    [{ chosen: 'ask' }],
  )
})

test('a choice lets what systems want to add go, or turns it off, and leaves works of files waiting', async () => {
  const { id: systemId } = await addSystem(staff)
  await take(bees('10.1000/file'))
  const add = (value: string) =>
    inTransaction((tx) =>
      saveRows(tx, staff, [{ personId, existing: null, entry: { item: toWorkItem(bees(value)) } }], {
        origin: 'system',
        systemId,
        requestId: 'TEST-0001',
      }),
    )
  await add('10.1000/system-1')
  await chooseWorksPreference(me, 'automatic', 'TEST-0001')
  expect(await states()).toEqual(['waiting_for_answer', 'pending'])
  await chooseWorksPreference(me, 'ask', 'TEST-0001')
  await add('10.1000/system-2')
  await chooseWorksPreference(me, 'never', 'TEST-0001')
  expect(await states()).toEqual(['waiting_for_answer', 'pending', 'deleting'])
})
