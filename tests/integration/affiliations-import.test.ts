import { beforeEach, describe, expect, test } from 'vitest'
import { removeAffiliation } from '@/lib/affiliations/commands'
import { db } from '@/lib/db'
import { decideRows, saveImport, undoImport } from '@/lib/imports/commands'
import { countWaiting, findItemProgress, listLeftItems } from '@/lib/imports/item-queries'
import { undoSavedImport } from '@/lib/imports/saving'
import { undoWritten } from '@/lib/imports/undoing-affiliations'
import { makeStaffActor } from '@/tests/support/actors'
import {
  importItems,
  readFileOfItems,
  rowsOfImport,
  saveItems,
  startWithTwoPeople,
} from '@/tests/support/affiliations-import'
import { workInOwnDatabase } from '@/tests/support/inside'

const staff = makeStaffActor({ role: 'admin' })
workInOwnDatabase(staff)

beforeEach(startWithTwoPeople)

const read = (file: string | Uint8Array, complete = false) => readFileOfItems(staff, file, complete)
const verdictsOf = async (file: string | Uint8Array) => rowsOfImport(await read(file))
const items = () => db().affiliation.findMany({ orderBy: [{ addedAt: 'asc' }, { externalId: 'asc' }] })
const idOf = async (localId: string) => (await db().person.findUniqueOrThrow({ where: { localId } })).id

const header = 'local_id,type,title,department,start,end,external_id\n'
const lecturer = '000123,employment,Lecturer,Physics,2021-03,,hr-1\n'

describe('a file of affiliations', () => {
  test('is previewed without saving anything, saved once, and changes nothing when it comes again', async () => {
    const id = await read(header + lecturer)
    expect(await rowsOfImport(id)).toEqual(['2 added'])
    expect(await items()).toEqual([])
    expect(await saveItems(staff, id)).toEqual({ added: 1 })
    expect(await items()).toMatchObject([
      { kind: 'employment', title: 'Lecturer', startOn: '2021-03', state: 'waiting_for_person', origin: 'imported' },
    ])
    expect(await verdictsOf(header + lecturer)).toEqual(['2 unchanged'])
    expect(await verdictsOf(`local_id,type,title\n000123,employment,Lecturer\n`)).toEqual(['2 perhaps'])
  })

  test('changes what it says, empties what it has empty, and leaves the columns that it does not have', async () => {
    await importItems(staff, header.replace('\n', ',url\n') + lecturer.replace('\n', ',https://example.org/1\n'))
    const id = await read('local_id,type,title,department,external_id\n000123,employment,Reader,,HR-1\n')
    expect(await db().importRow.findFirst({ where: { importId: id } })).toMatchObject({
      verdict: 'changed',
      name: 'Ada Example',
      before: { title: 'Lecturer', department: 'Physics' },
      after: { title: 'Reader', department: null },
    })
    await saveItems(staff, id)
    expect(await items()).toMatchObject([
      { title: 'Reader', department: null, startOn: '2021-03', url: 'https://example.org/1', externalId: 'hr-1' },
    ])
  })

  test('finds people by local identifier, authenticated iD or e-mail address, and says why it finds none', async () => {
    const orcid = '0000-0002-1825-0097'
    await db().researcher.create({ data: { orcid, registry: 'local', state: 'connected' } })
    await db().person.create({ data: { localId: '8', email: 'LINUS@example.org', origin: 'imported' } })
    const rows = [
      `7,,,employment,A`,
      `,${orcid},,employment,A`,
      `,,Ada@Example.org,employment,A`,
      `,,linus@example.org,employment,A`,
      `9,,,employment,A`,
      `,0000-0001-5109-3700,,employment,A`,
      `7,${orcid},,employment,A`,
      `,,,employment,A`,
      `123,,,employment,B`,
    ]
    expect(await verdictsOf(`local_id,orcid,email,type,title\n${rows.join('\n')}\n`)).toEqual([
      '2 added',
      '3 added',
      '4 added',
      '5 refused email several_people',
      '6 refused local_id not_found',
      '7 refused orcid not_found',
      '8 refused local_id people_differ',
      '9 refused local_id missing',
      '10 perhaps',
    ])
  })

  test.each<[string, string]>([
    ['000123,employment,Lecturer,Physics,2021-03-15,,\n', 'a finer date'],
    ['000123,employment,Lecturer,Physics,2021,,\n', 'a coarser date'],
    ['000123,employment,Lecturer,Science / Physics,2021-03,,\n', 'one more department'],
    ['000123,employment,Lecturer,,2021-03,,\n', 'one department less'],
    ['000123,employment,LECTURER,physics,2021-03,,\n', 'other capitals'],
    ['000123,employment,Lect\u00adurer\u200b,Physics,2021-03,2024,hr-2\n', 'another identifier for the same words'],
    ['123,employment,Dean,Law,2024,,\n', 'a number of the person without its zeros'],
    ['000123,employment,Dean,Law,2024,,HR-001\n', 'an identifier with other zeros'],
  ])('asks whether %j is what is here: %s', async (line) => {
    await importItems(staff, header + lecturer)
    const id = await read(header + line)
    expect(await rowsOfImport(id)).toEqual(['2 perhaps'])
    await expect(saveImport(staff, id, 'TEST-0001')).rejects.toMatchObject({ fault: 'undecided' })
    await decideRows(staff, id, { decision: line.startsWith('123') ? 'added' : 'same' })
    await saveItems(staff, id)
    expect(await items()).toHaveLength(1)
  })

  test('an invisible character alone is no difference', async () => {
    await importItems(staff, header + lecturer)
    expect(await verdictsOf(header + lecturer.replace('Lecturer', '\u200bLect\u00adurer'))).toEqual(['2 unchanged'])
  })

  test('adds what is nearly the same where somebody says that it is another one, and changes it where not', async () => {
    await importItems(staff, header + lecturer)
    const near = await read(
      `${header}000123,employment,Lecturer,Physics,2021-03-15,,\n000123,employment,LECTURER,Physics,2021-03,,hr-9\n`,
    )
    await decideRows(staff, near, { line: 2, decision: 'same' })
    await decideRows(staff, near, { line: 3, decision: 'added' })
    expect(await saveItems(staff, near)).toEqual({ changed: 1, added: 1 })
    expect((await items()).map(({ externalId, title, startOn }) => [externalId, title, startOn])).toEqual([
      ['hr-1', 'Lecturer', '2021-03-15'],
      ['hr-9', 'LECTURER', '2021-03'],
    ])
  })

  test('writes for the person whose number lost its zeros, where somebody says that it is theirs', async () => {
    const id = await read(`${header}123,employment,Dean,Law,2024,,\n`)
    await decideRows(staff, id, { decision: 'same' })
    await saveItems(staff, id)
    expect(await items()).toMatchObject([{ title: 'Dean', personId: await idOf('000123') }])
  })

  test('refuses each bad row with the cell at fault, and saves the others', async () => {
    await importItems(staff, `${header}000123,employment,Kept,Physics,2021,,kept\n`)
    const rows: [string, string][] = [
      ['000123,employment,A,,2021-02-31,,a', 'start not_a_date'],
      ['000123,employment,A,,31.12.2021,,b', 'start ambiguous_date'],
      ['000123,employment,A,,2021,2020,c', 'end end_before_start'],
      ['000123,employment,A,,,2020,d', 'end end_without_start'],
      ['000123,job,A,,,,e', 'type not_a_type'],
      ['000123,employment,,,,,f', 'title empty'],
      ['000123,employment,A,,,,1.23E+15', 'external_id rewritten_number'],
      ['000123,employment,A,,,,000123', 'external_id is_local_id'],
      ['000123,employment,#REF!,,,,g', 'title junk'],
      [`000123,employment,${'x'.repeat(4_001)},,,,h`, 'title too_long'],
      ['000123,employment,A,,,,good', ''],
      ['000123,employment,B,,,,GOOD', 'external_id repeated_item'],
      ['000123,employment,"C,,,,i', 'broken_line'],
    ]
    const found = await verdictsOf(header + rows.map(([row]) => `${row}\n`).join(''))
    expect(found.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))).toEqual(
      rows.map(([, fault], n) => `${n + 2} ${fault ? `refused ${fault}` : 'added'}`),
    )
  })

  test('of another organisation, with a deletion or a visibility is never written as ours', async () => {
    const name =
      'email,affiliation-section,role-title,org-name,disambiguated-organization-identifier,disambiguation-source,visibility,delete'
    const rows = [
      'ada@example.org,EMPLOYMENT,A,University of Example,https://ror.org/0c0nc0r64,ROR,,',
      'ada@example.org,EMPLOYMENT,B,UNIVERSITY OF EXAMPLE,1438,RINGGOLD,,no',
      'ada@example.org,EMPLOYMENT,C,University of Example Press,,,,',
      'ada@example.org,EMPLOYMENT,D,University of Example,https://ror.org/02mhbdp94,ROR,,',
      'ada@example.org,EMPLOYMENT,E,,1438,RINGGOLD,,',
      'ada@example.org,EMPLOYMENT,F,,,,PRIVATE,',
      'ada@example.org,EMPLOYMENT,G,,,,,yes',
    ]
    expect(await verdictsOf(`${name}\n${rows.join('\n')}\n`)).toEqual([
      '2 added',
      '3 added',
      '4 refused org_name other_organisation',
      '5 refused org_id other_organisation',
      '6 refused org_id other_organisation',
      '7 refused visibility visibility',
      '8 refused delete delete',
    ])
  })

  test('of the Member Portal and of the NZ ORCID Hub is accepted as it is', async () => {
    const portal =
      'email,affiliation-section,department-name,role-title,start-date,end-date,org-name,org-country,org-city,org-region,disambiguated-organization-identifier,disambiguation-source,external-id,external-id-type,external-id-url,url,id\n' +
      'ada@example.org,EMPLOYMENT,Physics,Lecturer,2021-03,,University of Example,GB,Exampleton,,grid.1234.5,GRID,p-1,person-number,,,5f1a2b3c4d5e6f7a8b9c0d1e\n' +
      'linus@example.org,invited-position,Law,Fellow,2020,2021-06-30,University of Example,GB,Exampleton,,grid.1234.5,GRID,,,,https://example.org/f,\n' +
      ',,,,,,,,,,,,,,,,5f1a2b3c4d5e6f7a8b9c0d1f\n'
    const id = await read(portal)
    expect(await rowsOfImport(id)).toEqual(['2 added', '3 added', '4 refused id unknown_id'])
    await saveItems(staff, id)
    const hub =
      'First Name\tLast Name\temail\tOrganisation\tCampus|Department\tCity\tState\tCourse or Job title\tStart date\tEnd date\tAffiliation type\tCountry\tDisambiguated ID\tDisambiguation Source\tPut-Code\tORCID iD\tLocal Identifier\tDelete Record\tVisibility\tURL\n' +
      'Ada\tExample\tada@example.org\tUniversity of Example\tPhysics\tExampleton\t\tPhD\t2019\t2021\tstudent\tGB\t\t\t\t\t000123\t\t\t\n' +
      'Ada\tExample\tada@example.org\tUniversity of Example\tPhysics\tExampleton\t\tProfessor\t2024\t\tstaff\tGB\t\t\t\t\t000123\t\t\t\n'
    await importItems(staff, hub)
    expect((await items()).map(({ kind, title }) => `${kind} ${title}`).sort()).toEqual([
      'education PhD',
      'employment Lecturer',
      'employment Professor',
      'invited_position Fellow',
    ])
    expect(await verdictsOf(hub)).toEqual(['2 unchanged', '3 unchanged'])
    const [row] = await db().importRow.findMany({ where: { import: { fileName: 'items.csv' } }, take: 1 })
    expect(Object.keys(row?.fields as object)).not.toContain('org-city')
  })

  test('that is complete leaves alone what a confidential person has, as no download has it', async () => {
    await importItems(staff, `${header}${lecturer}7,employment,Clerk,Law,2020,,hr-2\n`)
    await db().person.update({ where: { localId: '7' }, data: { confidential: true } })
    expect(await rowsOfImport(await read(header + lecturer, true))).toEqual(['2 unchanged'])
  })

  test('that is complete proposes to delete what an earlier file brought, once a second administrator agrees', async () => {
    await importItems(staff, `${header}${lecturer}7,employment,Clerk,Law,2020,,hr-2\n`)
    const id = await read(header + lecturer, true)
    expect(await rowsOfImport(id)).toEqual(['2 unchanged', '3 removed'])
    expect(await db().import.findUnique({ where: { id } })).toMatchObject({ doubts: ['many_removed'] })
    expect(await saveImport(staff, id, 'TEST-0001')).toBe('held')
  })
})

describe('undoing an import', () => {
  test('takes back what ORCID does not have, and lists the rest with an undo of its own', async () => {
    await importItems(staff, `${header}7,employment,Clerk,Law,2020,,hr-2\n7,employment,Judge,Law,2022,,hr-4\n`)
    const file = `${header}${lecturer}000123,employment,Dean,Law,2023,,hr-3\n7,employment,Clerk,Law,2020,2024,hr-2\n7,employment,Judge,Law,2022,2024,hr-4\n`
    const id = await read(file)
    await saveItems(staff, id)
    const written = { state: 'in_orcid', putCode: '9' } as const
    for (const externalId of ['hr-3', 'hr-4']) {
      const { id: item, revision } = await db().affiliation.findFirstOrThrow({ where: { externalId } })
      await db().affiliation.update({ where: { id: item }, data: { ...written, writtenRevision: revision } })
    }
    await undoImport(staff, id, 'TEST-0002')
    await undoSavedImport(staff, id, 'TEST-0002')
    expect((await items()).map(({ externalId, endOn, state }) => [externalId, endOn, state]).sort()).toEqual([
      ['hr-2', null, 'waiting_for_person'],
      ['hr-3', null, 'in_orcid'],
      ['hr-4', '2024', 'in_orcid'],
    ])
    expect((await listLeftItems(staff, id)).map(({ verdict, title }) => `${verdict} ${title}`)).toEqual([
      'added Dean',
      'changed Judge',
    ])
    expect(await undoWritten(staff, id, { line: 3, requestId: 'TEST-0003' })).toBe(1)
    expect(await undoWritten(staff, id, { requestId: 'TEST-0003' })).toBe(1)
    expect(await undoWritten(staff, id, { requestId: 'TEST-0003' })).toBe(0)
    const after = await items()
    expect(after.find(({ externalId }) => externalId === 'hr-3')).toMatchObject({ removal: 'staff' })
    expect(after.find(({ externalId }) => externalId === 'hr-4')).toMatchObject({ endOn: null })
  })

  test('leaves what somebody has changed since, and gives back what it deleted', async () => {
    await importItems(staff, header + lecturer)
    const [{ id: itemId } = { id: '' }] = await items()
    const deletion = await read(`id\n${itemId}\n`)
    await saveItems(staff, deletion)
    expect(await items()).toMatchObject([{ removal: 'staff', state: 'deleted' }])
    await undoImport(staff, deletion, 'TEST-0002')
    await undoSavedImport(staff, deletion, 'TEST-0002')
    expect(await items()).toMatchObject([{ removal: null, state: 'waiting_for_person', title: 'Lecturer' }])
    const change = await read(header + lecturer.replace('Physics', 'History'))
    await saveItems(staff, change)
    await removeAffiliation(staff, itemId, 'TEST-0003')
    await undoImport(staff, change, 'TEST-0004')
    await undoSavedImport(staff, change, 'TEST-0004')
    expect(await items()).toMatchObject([{ removal: 'staff', department: 'History' }])
  })
})

test('says how many entries wait for people, and how far the others have got', async () => {
  const orcid = '0000-0002-1825-0097'
  await db().researcher.create({ data: { orcid, registry: 'local', state: 'connected' } })
  const id = await read(`local_id,orcid,type,title\n7,,employment,A\n,${orcid},employment,B\n`)
  expect(await countWaiting(staff, id)).toEqual({ person: 1, permission: 1 })
  await saveItems(staff, id)
  expect(await findItemProgress(staff, id)).toEqual({
    all: 2,
    open: 1,
    states: [
      { state: 'pending', count: 1 },
      { state: 'waiting_for_person', count: 1 },
    ],
  })
})

test('what the person deleted stays deleted, whatever a file says', async () => {
  await importItems(staff, header + lecturer)
  await db().affiliation.updateMany({ data: { state: 'deleted_by_person' } })
  expect(await verdictsOf(header + lecturer.replace('Physics', 'History'))).toEqual([
    '2 refused title deleted_by_person',
  ])
  const near = await read(`${header}000123,employment,Lecturer,Physics,2021-03-15,,\n`)
  await decideRows(staff, near, { decision: 'same' })
  expect(await saveItems(staff, near)).toEqual({ refused: 1 })
})
