import { beforeEach, describe, expect, test } from 'vitest'
import { db } from '@/lib/db'
import { applyRetention } from '@/lib/retention/commands'
import { strikeOff } from '@/lib/retention/erasing'
import { makeSeededOrcid } from '@/prisma/seed-numbers'
import { askInside as ask, connectSomebody, type Told } from '@/tests/support/api'
import { addToRoster, numbers, peoplePerFile } from '@/tests/support/people'
import { addSystem, tell } from '@/tests/support/systems'

const fixture = peoplePerFile()
type System = Awaited<ReturnType<typeof addSystem>>
type Person = Awaited<ReturnType<typeof connectSomebody>>
let system: System
let anna: Person

beforeEach(async () => {
  system = await addSystem(fixture.manager)
  anna = await connectSomebody(numbers.a)
  await tell(system.id, [anna.researcherId])
})

const idsOf = ({ json }: Told) => json.items.map(({ id }: { id: string }) => id)
const list = async (query = '', by = system) => (await ask(by.key, `/people${query}`)).json
const codeOf = ({ status, json }: Told) => [status, json?.code]
const changesSince = async (cursor: string, by = system) =>
  ask(by.key, `/people/changes?updated_since=${encodeURIComponent(cursor)}`)

describe('the list of people', () => {
  test('has who is covered, with an iD that says since when it is authenticated, and what is allowed', async () => {
    await db().person.update({
      where: { id: anna.id },
      data: { localId: '007', department: 'Physics', kind: 'staff', origin: 'imported' },
    })
    await connectSomebody(numbers.b, 'Not Told')
    const { status, json, text } = await ask(system.key, '/people')
    const since = '2026-05-03T10:00:00Z'
    expect(status).toBe(200)
    const person = {
      id: anna.id,
      local_id: '007',
      name: 'Anna Müller',
      department: 'Physics',
      kind: 'staff',
      orcid: { uri: `https://orcid.org/${numbers.a}`, path: numbers.a, authenticated: true, since },
      permissions: ['/activities/update', '/read-limited', 'openid'].map((scope) => ({ scope, since, until: null })),
      connected_since: since,
    }
    expect(json).toEqual({ items: [person], next_cursor: null, changes_cursor: expect.any(String) })
    expect(text).not.toMatch(/token|sealed/i)
    expect((await ask(system.key, `/people/${anna.id}`)).json).toEqual(person)
  })

  test('is read page by page, each person once, in one order', async () => {
    const people = [anna]
    for (let n = 10; n < 17; n++) people.push(await connectSomebody(makeSeededOrcid(n)))
    await tell(
      system.id,
      people.map(({ researcherId }) => researcherId),
    )
    const found: string[] = []
    let next: string | null = ''
    while (next !== null) {
      const page: { items: { id: string }[]; next_cursor: string | null } = await list(
        `?limit=3${next && `&cursor=${next}`}`,
      )
      found.push(...page.items.map(({ id }) => id))
      next = page.next_cursor
    }
    expect(found).toEqual(people.map(({ id }) => id).sort())
  })

  test('finds one by local identifier or iD, also by the number of an entry that was merged', async () => {
    await db().person.update({ where: { id: anna.id }, data: { localId: '0042', origin: 'imported' } })
    await addToRoster('old-7', { mergedIntoId: anna.id })
    for (const query of [
      'local_id=0042',
      'local_id=old-7',
      `orcid=${numbers.a}`,
      `orcid=https://orcid.org/${numbers.a}`,
    ]) {
      expect([query, idsOf(await ask(system.key, `/people?${query}`))]).toEqual([query, [anna.id]])
    }
    for (const query of ['local_id=42', `orcid=${numbers.c}`]) {
      expect([query, idsOf(await ask(system.key, `/people?${query}`))]).toEqual([query, []])
    }
  })

  test.each([
    [
      'has stopped the system',
      (id: Person) =>
        db().systemStop.create({ data: { systemId: system.id, researcherId: id.researcherId, kind: 'stopped' } }),
    ],
    ['is confidential', ({ id }: Person) => db().person.update({ where: { id }, data: { confidential: true } })],
    [
      'is being checked',
      ({ researcherId }: Person) =>
        db().researcher.update({ where: { id: researcherId }, data: { finding: 'being_checked' } }),
    ],
    [
      'has withdrawn',
      ({ researcherId }: Person) =>
        db().researcher.update({
          where: { id: researcherId },
          data: { state: 'withdrawn', liveScopes: [], liveScopesGivenAt: [], withdrewAt: new Date() },
        }),
    ],
    [
      'has left',
      ({ id }: Person) => db().person.update({ where: { id }, data: { state: 'left', leftAt: new Date() } }),
    ],
    [
      'is in another department',
      ({ id }: Person) => db().person.update({ where: { id }, data: { department: 'Law' } }),
    ],
  ])(
    'does not have whoever %s: nothing tells them from nobody, and a copy learns that they are gone',
    async (_what, change) => {
      system = await addSystem(fixture.manager, { departments: ['Physics'] })
      await tell(system.id, [anna.researcherId])
      await db().person.update({ where: { id: anna.id }, data: { department: 'Physics / Optics' } })
      const { changes_cursor } = await list()
      expect((await ask(system.key, `/people/${anna.id}`)).status).toBe(200)
      await change(anna)
      expect(await list()).toMatchObject({ items: [], next_cursor: null })
      expect(idsOf(await ask(system.key, `/people?orcid=${anna.orcid}`))).toEqual([])
      const [gone, nobody] = [
        await ask(system.key, `/people/${anna.id}`),
        await ask(system.key, `/people/${system.id}`),
      ]
      expect([gone.status, gone.text]).toEqual([404, nobody.text])
      expect((await changesSince(changes_cursor)).json.items).toEqual([
        { id: anna.id, deleted: true, reason: 'not_covered', replaced_by: null },
      ])
    },
  )
})

describe('the changes', () => {
  test('tell that somebody was erased, and which entry took the place of another', async () => {
    const { changes_cursor } = await list()
    await db().person.update({ where: { id: anna.id }, data: { localId: 'a-1', origin: 'imported' } })
    const entry = await addToRoster('b-2')
    await db().person.update({ where: { id: entry }, data: { mergedIntoId: anna.id } })
    const bo = await addToRoster('b-3')
    await strikeOff(fixture.manager, bo, { reason: 'objected' })
    const { json } = await changesSince(changes_cursor)
    expect(json.items).toEqual([
      expect.objectContaining({ id: anna.id, local_id: 'a-1' }),
      { id: entry, deleted: true, reason: 'merged', replaced_by: anna.id },
      { id: bo, deleted: true, reason: 'erased', replaced_by: null },
    ])
    expect(json.has_more).toBe(false)
    expect((await changesSince(json.changes_cursor)).json.items).toEqual([])
  })

  test('tell that somebody is covered on the day on which a notice begins to count', async () => {
    const bo = await connectSomebody(numbers.b)
    const { changes_cursor } = await list()
    await tell(system.id, [bo.researcherId], 13)
    expect((await changesSince(changes_cursor)).json.items).toEqual([])
    await fixture.rows(`update system_notice set told_at = told_at - interval '1 day' where researcher_id = $1`, [
      bo.researcherId,
    ])
    await fixture.rows(`update change_log set at = at - interval '1 day' where at > now()`)
    expect(idsOf(await changesSince(changes_cursor))).toEqual([bo.id])
  })

  test('are those of the system: what another one is told, or is stopped from, is nothing to it', async () => {
    const other = await addSystem(fixture.manager, { name: 'Another' })
    const { changes_cursor } = await list()
    await db().systemStop.create({ data: { systemId: other.id, researcherId: anna.researcherId, kind: 'paused' } })
    expect((await changesSince(changes_cursor)).json.items).toEqual([])
  })

  test('cannot be read with a cursor of another system or list, or with one that we did not make', async () => {
    const other = await addSystem(fixture.manager, { name: 'Another' })
    const { changes_cursor } = await list()
    await connectSomebody(numbers.b)
    await tell(system.id, [anna.researcherId])
    expect(codeOf(await changesSince(changes_cursor, other))).toEqual([400, 'foreign_cursor'])
    expect(codeOf(await ask(system.key, `/people?cursor=${changes_cursor}`))).toEqual([400, 'foreign_cursor'])
    for (const cursor of ['x', '.', `${changes_cursor}x`, `x${changes_cursor}`, changes_cursor.split('.')[0] ?? '']) {
      expect([cursor, ...codeOf(await changesSince(cursor))]).toEqual([cursor, 400, 'invalid_cursor'])
    }
  })

  test.each([
    ['of before a restore', `insert into restore (found_by, released_at) values ('command', now())`],
    ['of before a failover', 'insert into failover (timeline) values (2)'],
    ['that is ahead of the database', 'delete from change_log'],
    [
      'whose next change is no longer kept',
      `delete from change_log where position < (select max(position) from change_log)`,
    ],
  ])('begin anew after a cursor %s: 410', async (_what, sql) => {
    await changesSince((await list()).changes_cursor)
    const { changes_cursor } = await list()
    await db().person.update({ where: { id: anna.id }, data: { department: 'A' } })
    await changesSince(changes_cursor)
    await db().person.update({ where: { id: anna.id }, data: { department: 'B' } })
    await changesSince(changes_cursor)
    await fixture.rows(sql)
    expect(codeOf(await changesSince(changes_cursor))).toEqual([410, 'cursor_expired'])
    expect((await changesSince((await list()).changes_cursor)).status).toBe(200)
  })

  test('are kept for 90 days, and the last one for good; a cursor of then gets 410', async () => {
    const { changes_cursor } = await list()
    await db().person.update({ where: { id: anna.id }, data: { department: 'A' } })
    const { json } = await changesSince(changes_cursor)
    await db().person.update({ where: { id: anna.id }, data: { department: 'B' } })
    const after = (await changesSince(json.changes_cursor)).json
    await fixture.rows(`update change_log set at = at - interval '91 days'`)
    await applyRetention()
    expect(await db().change.count()).toBe(1)
    expect(codeOf(await changesSince(changes_cursor))).toEqual([410, 'cursor_expired'])
    expect((await changesSince(json.changes_cursor)).json.items).toHaveLength(1)
    expect((await changesSince(after.changes_cursor)).json.items).toEqual([])
  })

  test('begin anew when what the system may see was changed: 410', async () => {
    const { changes_cursor } = await list()
    const term = await db().systemTerm.findFirstOrThrow({ where: { systemId: system.id } })
    const { id: _id, madeAt: _at, ...same } = term
    await db().systemTerm.create({ data: { ...same, purpose: {}, number: 2, departments: ['Law'] } })
    expect(codeOf(await changesSince(changes_cursor))).toEqual([410, 'cursor_expired'])
  })
})
