import { writeXlsx } from 'hucre/xlsx'
import { beforeEach, describe, expect, test } from 'vitest'
import { db } from '@/lib/db'
import { confirmImport, decideRows, saveImport, undoImport, uploadImport } from '@/lib/imports/commands'
import type { ImportFault } from '@/lib/imports/import'
import { readImport } from '@/lib/imports/reading'
import { nextWorkingMorning, releaseImport, savePeopleImport, undoPeopleImport } from '@/lib/imports/saving-people'
import { confirmProposals, countProposals } from '@/lib/people/proposals'
import { makeStaffActor } from '@/tests/support/actors'
import { workInOwnDatabase } from '@/tests/support/inside'

const [admin, other] = [makeStaffActor({ role: 'admin' }), makeStaffActor({ role: 'admin' })]
workInOwnDatabase(admin, other)

beforeEach(async () => {
  await db().import.deleteMany()
  await db().person.deleteMany()
  await db().researcher.deleteMany()
})

const upload = async (text: string | Uint8Array, complete = false) => {
  const bytes = typeof text === 'string' ? new Uint8Array(Buffer.from(text)) : text
  const id = await uploadImport(admin, { kind: 'people', fileName: 'roster.csv', bytes, complete })
  await readImport(id)
  return id
}
const found = (id: string) => db().import.findUniqueOrThrow({ where: { id } })
const rowsOf = async (id: string) =>
  (await db().importRow.findMany({ where: { importId: id }, orderBy: { line: 'asc' } })).map(
    ({ line, verdict, name }) => `${line} ${verdict} ${name}`,
  )
const save = async (id: string) => {
  expect(await saveImport(admin, id, 'TEST-0001')).toBe('saving')
  expect(await savePeopleImport(admin, id)).toBe(true)
}
const undo = async (id: string) => {
  await undoImport(admin, id, 'TEST-0004')
  await undoPeopleImport(admin, id, 'TEST-0004')
}
const roster = () => db().person.findMany({ orderBy: { localId: 'asc' }, include: { appointments: true } })
const faultOf = (work: Promise<unknown>): Promise<ImportFault | null> =>
  work.then(
    () => null,
    (error) => error.fault,
  )

const header = 'local_id,first name,last name,email,department,kind,title,start\n'
const ada = '000123,Ada,Example,ada@example.org,Science / Physics,staff,Lecturer,2021-03\n'
const linus = '7,Linus,Sample,linus@example.org,Law,student,PhD,2024-10-01\n'

describe('a roster', () => {
  test('that is complete names nobody among the leavers whose entry is confidential', async () => {
    await save(await upload(header + ada + linus))
    await db().person.update({ where: { localId: '7' }, data: { confidential: true } })
    const id = await upload(header + ada, true)
    expect(await rowsOf(id)).toEqual(['2 unchanged Ada Example', '3 leaving null'])
    const leaving = await db().importRow.findFirstOrThrow({ where: { importId: id, verdict: 'leaving' } })
    expect(leaving.fields).toEqual({})
  })

  test('is previewed without saving anything, saved once, and changes nothing when it comes again', async () => {
    const id = await upload(header + ada + linus)
    expect(await rowsOf(id)).toEqual(['2 added Ada Example', '3 added Linus Sample'])
    expect(await roster()).toEqual([])
    await save(id)
    expect(await savePeopleImport(admin, id)).toBe(false)
    expect(await roster()).toMatchObject([
      { localId: '000123', name: 'Ada Example', kind: 'staff', department: 'Science / Physics', origin: 'imported' },
      { localId: '7', name: 'Linus Sample', appointments: [{ title: 'PhD', startOn: '2024-10-01', primary: true }] },
    ])
    const again = await upload(header + ada + linus)
    expect(await rowsOf(again)).toEqual(['2 unchanged Ada Example', '3 unchanged Linus Sample'])
  })

  test('changes what it says and leaves what it does not mention', async () => {
    await save(await upload(header + ada))
    const id = await upload('local_id,department\n000123,History\n')
    const [row] = await db().importRow.findMany({ where: { importId: id } })
    expect(row).toMatchObject({
      verdict: 'changed',
      before: { department: 'Science / Physics' },
      after: { department: 'History' },
    })
    await save(id)
    expect(await roster()).toMatchObject([{ department: 'History', email: 'ada@example.org', givenName: 'Ada' }])
  })

  test.each<[string, string]>([
    ['123,Ada,Example,,Law,staff,,\n', 'a number without its leading zeros'],
    ['999,Ada,Example,ADA@example.org,Law,staff,,\n', 'an address that another number has'],
    ['999,Ada,Exámple,,science / physics,staff,,\n', 'a name in the same department'],
  ])('asks whether %j is somebody who is here: %s', async (line) => {
    await save(await upload(header + ada))
    const id = await upload(header + line)
    expect((await rowsOf(id))[0]).toMatch(/^2 perhaps /)
    expect(await faultOf(saveImport(admin, id, 'TEST-0001'))).toBe('undecided')
    await decideRows(admin, id, { decision: 'same' })
    await save(id)
    expect(await roster()).toHaveLength(1)
  })

  test('adds such a row where somebody says that it is another person', async () => {
    await save(await upload(header + ada))
    const id = await upload(`${header}999,Ada,Example,,Science / Physics,staff,,\n`)
    await decideRows(admin, id, { line: 2, decision: 'added' })
    await save(id)
    expect((await roster()).map(({ localId }) => localId)).toEqual(['000123', '999'])
  })

  test('refuses the second row for one number, and saves the others', async () => {
    const id = await upload(header + ada + ada + linus)
    expect(await rowsOf(id)).toEqual(['2 added Ada Example', '3 refused Ada Example', '4 added Linus Sample'])
    await save(id)
    expect(await roster()).toHaveLength(2)
  })

  test('keeps an iD that ORCID has not authenticated, and proposes one that it has', async () => {
    const orcid = '0000-0002-1825-0097'
    await db().researcher.create({ data: { orcid, registry: 'local', state: 'connected', name: 'Josiah Carberry' } })
    const lines = `1,Josiah,Carberry,${orcid}\n2,Ada,Example,0000-0001-5109-3700\n`
    await save(await upload(`local_id,first name,last name,orcid\n${lines}`))
    const people = await db().person.findMany({ where: { localId: { not: null } }, orderBy: { localId: 'asc' } })
    expect(people).toMatchObject([
      { localId: '1', knownOrcid: null, researcherId: null },
      { localId: '2', knownOrcid: '0000-0001-5109-3700' },
    ])
    expect(await db().conflict.findMany()).toMatchObject([
      { kind: 'proposal', evidence: ['file'], personId: people[0]?.id },
    ])
  })

  test('opens one conflict for another iD than the one that somebody has authenticated, and holds nothing up', async () => {
    const { id: researcherId } = await db().researcher.create({
      data: { orcid: '0000-0002-1825-0097', registry: 'local', name: 'Ada Example', state: 'identity_only' },
    })
    await save(await upload(header + ada))
    await db().person.deleteMany({ where: { researcherId } })
    await db().person.updateMany({ data: { researcherId } })
    const [person] = await roster()
    for (let times = 0; times < 2; times++) {
      await save(await upload('local_id,orcid\n000123,0000-0001-5109-3700\n'))
      expect(await db().conflict.findMany()).toMatchObject([
        { kind: 'other_id_known', personId: person?.id, researcherId, resolvedAt: null },
      ])
    }
    expect(await roster()).toMatchObject([{ orcid: '0000-0002-1825-0097', knownOrcid: '0000-0001-5109-3700' }])
  })

  test('is a workbook too', async () => {
    const sheet = {
      name: 'People',
      rows: [
        ['local_id', 'name', 'start'],
        ['000123', 'Ada Example', new Date('2021-03-01')],
      ],
    }
    await save(await upload((await writeXlsx({ sheets: [sheet] } as never)) as Uint8Array))
    expect(await roster()).toMatchObject([
      { localId: '000123', familyName: 'Example', appointments: [{ startOn: '2021-03-01' }] },
    ])
  })
})

test('the iDs that a file proposes are confirmed for the whole file at once', async () => {
  const orcids = ['0000-0002-1825-0097', '0000-0001-5109-3700']
  for (const orcid of orcids) await db().researcher.create({ data: { orcid, registry: 'local', state: 'connected' } })
  const id = await upload(`local_id,orcid\n1,${orcids[0]}\n2,${orcids[1]}\n`)
  await save(id)
  expect(await countProposals(admin, { importId: id })).toBe(2)
  const made = { reason: 'Our HR system has them', requestId: 'TEST-0005' }
  expect(await confirmProposals(admin, { importId: id }, made)).toEqual({ confirmed: 2, refused: 0 })
  const bound = await db().person.findMany({ where: { localId: { not: null } }, orderBy: { localId: 'asc' } })
  expect(bound.map(({ orcid }) => orcid)).toEqual(orcids)
  expect(await countProposals(admin, { importId: id })).toBe(0)
})

describe('a complete roster', () => {
  const many = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, n) => `${from + n},Given${from + n},Family${from + n},,Law,staff,,\n`).join(
      '',
    )

  test('that is the first one waits for a second administrator', async () => {
    const id = await upload(header + many(100, 140), true)
    expect((await found(id)).doubts).toEqual(['many_new'])
    expect(await saveImport(admin, id, 'TEST-0001')).toBe('held')
    expect(await savePeopleImport(admin, id)).toBe(false)
    expect(await faultOf(confirmImport(admin, id, { added: 40, leaving: 0 }, 'TEST-0002'))).toBe('second_person')
    await confirmImport(other, id, { added: null, leaving: null }, 'TEST-0002')
    expect(await savePeopleImport(admin, id)).toBe(true)
    expect(await roster()).toHaveLength(40)
  })

  test('proposes as leavers those who are missing, gives nobody an end, and does so no earlier than the next working morning', async () => {
    await save(await upload(header + many(100, 140)))
    const id = await upload(header + many(101, 140), true)
    expect(await rowsOf(id)).toContain('41 leaving Given100 Family100')
    expect((await found(id)).doubts).toEqual([])
    await save(id)
    const gone = () => db().person.findFirstOrThrow({ where: { localId: '100' } })
    expect(await gone()).toMatchObject({ missingSince: null, leavesOn: null })
    expect((await found(id)).effectiveAt).not.toBeNull()
    await releaseImport(admin, id, 'TEST-0003')
    expect(await gone()).toMatchObject({ state: 'active', leavesOn: null, missingSince: expect.any(Date) })
    await save(await upload(header + many(100, 140), true))
    expect(await gone()).toMatchObject({ missingSince: null })
  })

  test('by which many would leave or change waits', async () => {
    await save(await upload(header + many(100, 140)))
    const shorter = await upload(header + many(100, 130), true)
    expect((await found(shorter)).doubts).toEqual(['many_leave'])
    const renamed = await upload(header + many(100, 140).replaceAll('Given', 'Other'), true)
    expect((await found(renamed)).doubts).toEqual(['many_change'])
  })
})

describe('undoing an import', () => {
  test('takes back what it added and changed, and leaves what was changed since', async () => {
    await save(await upload(header + ada))
    const id = await upload(
      `${header}000123,Ada,Example,ada@example.org,History,staff,Lecturer,2021-03\n${linus}8,Grace,Third,,Law,staff,,\n`,
    )
    await save(id)
    await db().person.updateMany({ where: { localId: '8' }, data: { department: 'Medicine' } })
    await undo(id)
    expect((await roster()).map(({ localId, department }) => [localId, department])).toEqual([
      ['000123', 'Science / Physics'],
      ['8', 'Medicine'],
    ])
  })

  test('gives back everything that a row changed, what somebody is here for and their last day too', async () => {
    await save(await upload(header + ada))
    const everything =
      'local_id,first name,last name,email,department,kind,title,start,end,orcid,language\n' +
      '000123,Adelheid,Muster,am@example.org,History,student,Reader,2022-01,2031-03-31,0000-0002-1825-0097,es\n'
    const asTheyAre = async () =>
      JSON.parse(JSON.stringify(await roster()), (key, value) => (key === 'updatedAt' ? undefined : value))
    const before = await asTheyAre()
    const id = await upload(everything)
    await save(id)
    const [changed] = await roster()
    expect(changed).toMatchObject({
      givenName: 'Adelheid',
      state: 'leaving',
      language: 'es',
      knownOrcid: '0000-0002-1825-0097',
    })
    await undo(id)
    expect(await asTheyAre()).toEqual(before)
  })

  test('takes away what somebody is here for where they were here for nothing before', async () => {
    await save(await upload('local_id,first name,last name,email\n9,Mary,Model,mary@example.org\n'))
    const id = await upload('local_id,title,start\n9,Curator,2020\n')
    await save(id)
    expect(await roster()).toMatchObject([{ appointments: [{ title: 'Curator' }] }])
    await undo(id)
    expect(await roster()).toMatchObject([{ localId: '9', appointments: [] }])
  })

  test.each<[string, object]>([
    ['kind', { kind: 'guest' }],
    ['language', { language: 'fr' }],
    ['iD that a file says', { knownOrcid: '0000-0001-5109-3700' }],
  ])('leaves somebody alone whose %s was changed since', async (_what, data) => {
    await save(await upload(header + ada))
    const id = await upload('local_id,department,kind,orcid,language\n000123,History,student,0000-0002-1825-0097,es\n')
    await save(id)
    await db().person.updateMany({ data })
    await undo(id)
    expect(await roster()).toMatchObject([{ department: 'History', ...data }])
  })
})

test.each<[string, string]>([
  ['2026-11-27T17:00:00Z', '2026-11-30T09:00:00.000Z'],
  ['2026-11-30T07:00:00Z', '2026-12-01T09:00:00.000Z'],
])('what is saved at %s counts from %s in Madrid', (now, from) => {
  expect(nextWorkingMorning(new Date(now), 'Europe/Madrid').toISOString()).toBe(from)
})
