import { parse } from 'csv-parse/sync'
import { beforeEach, describe, expect, test } from 'vitest'
import { noAffiliationFilters } from '@/lib/affiliations/schema'
import { toWorkItem } from '@/lib/affiliations/work-item'
import { db } from '@/lib/db'
import { exportAffiliations } from '@/lib/exports/commands'
import { undoImport } from '@/lib/imports/commands'
import { undoSavedImport } from '@/lib/imports/saving'
import type { Work } from '@/lib/orcid/work'
import { answerForWorks } from '@/lib/works/answers'
import { makeResearcherActor, makeStaffActor } from '@/tests/support/actors'
import { readFileOfWorks, rowsOfImport, saveItems, startWithTwoPeople } from '@/tests/support/affiliations-import'
import { connectSomebody } from '@/tests/support/api'
import { readFile } from '@/tests/support/export-lines'
import { workInOwnDatabase } from '@/tests/support/inside'

const staff = makeStaffActor({ role: 'admin' })
workInOwnDatabase(staff)
const carberry = '0000-0002-1825-0097'
let anna: Awaited<ReturnType<typeof connectSomebody>>

beforeEach(async () => {
  await startWithTwoPeople()
  anna = await connectSomebody(carberry)
})

const read = (file: string | Uint8Array) => readFileOfWorks(staff, file)
const works = () => db().affiliation.findMany({ where: { kind: 'work' }, orderBy: { externalId: 'asc' } })
const header = 'orcid,external_id,id_type,type,title,date,contributors\n'
const bees = `${carberry},https://doi.org/10.1000/bees,,journal-article,On bees,2024-05,Ada Lovelace (author) [${carberry}]; Grace Hopper\n`

describe('a file of works', () => {
  test('saves nothing before somebody agrees, then asks each person first, whatever they chose for systems', async () => {
    await db().researcher.update({ where: { id: anna.researcherId }, data: { worksPreference: 'automatic' } })
    const id = await read(`${header}${bees}`)
    expect([await rowsOfImport(id), await works()]).toEqual([['2 added'], []])
    expect(await saveItems(staff, id)).toEqual({ added: 1 })
    expect(await works()).toMatchObject([
      {
        externalId: 'doi:10.1000/bees',
        title: 'On bees',
        startOn: '2024-05',
        state: 'waiting_for_answer',
        origin: 'imported',
        work: { contributors: [{ name: 'Ada Lovelace', role: 'author', orcid: carberry }, { name: 'Grace Hopper' }] },
      },
    ])
    expect(await rowsOfImport(await read(`${header}${bees}`))).toEqual(['2 unchanged'])
  })

  test('waits for people who have not connected, and asks them then', async () => {
    await saveItems(staff, await read('local_id,doi,type,title\n000123,10.1000/a,book,A\n'))
    expect(await works()).toMatchObject([{ state: 'waiting_for_person', asks: true, researcherId: null }])
  })

  test('tells what is wrong with each row at its place, and saves the rest whole', async () => {
    await db().person.update({ where: { id: anna.id }, data: { localId: 'hr-4711', origin: 'imported' } })
    const rows: [string, string][] = [
      [bees, '2 added'],
      [bees, '3 refused external_id repeated_item'],
      [`,10.1000/b,,book,B,,\n`, '4 refused missing'],
      [`0000-0002-1825-0098,10.1000/b,,book,B,,\n`, '5 refused orcid wrong_check_digit'],
      [`0000-0001-5109-3700,10.1000/b,,book,B,,\n`, '6 refused orcid not_found'],
      [`${carberry},,,book,B,,\n`, '7 refused external_id empty'],
      [`${carberry},978-3-16-148410-0,,book,B,,\n`, '8 refused id_type empty'],
      [`${carberry},978-3-16-148410-0,IS BN!,book,B,,\n`, '9 refused id_type not_an_identifier_type'],
      [`${carberry},10.1000/b,,poem,,,\n`, '10 refused type not_a_work_type title empty'],
      [`${carberry},10.1000/b,,book,B,2023-02-30,\n`, '11 refused date not_a_date'],
      [`${carberry},10.1000/b,,book,B,,Ada [7]\n`, '12 refused contributors not_contributors'],
      [`${carberry},HR-4711,other-id,book,B,,\n`, '13 refused external_id is_local_id'],
      [`${carberry},10.1000/b,,book,${'B'.repeat(1_001)},,\n`, '14 refused title too_long'],
      [`${carberry},978-3-16-148410-0,ISBN,Data set,C,2020,\n`, '15 added'],
      [`${carberry},10.1000/b,,book,On \u202eseeb,,\n`, '16 refused title direction'],
      [`${carberry},#N/A,,book,B,,\n`, '17 refused external_id junk'],
    ]
    const id = await read(header + rows.map(([row]) => row).join(''))
    expect(await rowsOfImport(id)).toEqual(rows.map(([, verdict]) => verdict))
    expect(await saveItems(staff, id)).toEqual({ added: 2, refused: 14 })
    expect((await works()).map(({ externalId }) => externalId)).toEqual(['doi:10.1000/bees', 'isbn:978-3-16-148410-0'])
  })

  test('does not bring back what the person refused, nor what they refuse while the preview is open', async () => {
    const me = makeResearcherActor({ researcherId: anna.researcherId, orcid: carberry })
    await saveItems(staff, await read(header + bees))
    const later = await read(header + bees.replace('On bees', 'On wasps'))
    expect(await rowsOfImport(later)).toEqual(['2 changed'])
    await answerForWorks(me, { work: 'all', answer: 'refuse', requestId: 'TEST-0001' })
    expect(await rowsOfImport(await read(header + bees))).toEqual(['2 refused title removed_by_person'])
    expect(await saveItems(staff, later)).toEqual({ refused: 1 })
    expect(await works()).toMatchObject([{ title: 'On bees', removal: 'person' }])
  })

  test('is undone but for what somebody has changed since, be it only who contributed', async () => {
    const id = await read(`${header}${bees}${carberry},10.1000/c,,book,C,,Ada\n`)
    await saveItems(staff, id)
    const more = `${header}${carberry},10.1000/c,,book,C,,Ada; Grace\n`
    await saveItems(staff, await read(more))
    await undoImport(staff, id, 'TEST-0001')
    await undoSavedImport(staff, id, 'TEST-0001')
    expect((await works()).map(({ externalId }) => externalId)).toEqual(['doi:10.1000/c'])
  })
})

describe('the download of works', () => {
  const toFile = async (kind: 'work' | null) =>
    Buffer.from(
      await readFile(await exportAffiliations(staff, { ...noAffiliationFilters, kind }, 'csv', { locale: 'en' })),
    )
  const rowsOf = (csv: Buffer) => parse(csv, { bom: true, columns: true })
  const ofSystem: Work = {
    type: 'software',
    title: '=SUM(bees)',
    subtitle: 'A study',
    journalTitle: null,
    externalId: { type: 'handle', value: '123/4:5', url: 'https://hdl.handle.net/123/4:5' },
    publishedOn: '2024',
    url: 'https://example.org/a?b=1,2',
    contributors: [
      { name: 'Ada Lovelace', role: 'author', orcid: carberry },
      { name: 'Grace Hopper', role: null, orcid: null },
    ],
  }
  const about = { kind: 'service', externalId: 's-1', title: 'Referee', origin: 'entered' } as const
  const save = async () => {
    const { work, ...item } = toWorkItem(ofSystem)
    const whose = { personId: anna.id, researcherId: anna.researcherId }
    const data = { ...whose, ...item, work: Object(work), origin: 'system', state: 'waiting_for_answer', asks: true }
    await db().affiliation.create({ data: { ...data, origin: 'system', state: 'waiting_for_answer' } })
    await db().affiliation.create({ data: { ...about, personId: (await idOf('7')).id } })
  }
  const idOf = (localId: string) => db().person.findUniqueOrThrow({ where: { localId } })

  test('has a column for each part of a work, and affiliations are in a file of their own', async () => {
    await save()
    expect(rowsOf(await toFile('work'))).toMatchObject([
      {
        state: 'Waiting for an answer',
        orcid: carberry,
        id_type: 'handle',
        external_id: '123/4:5',
        type: 'software',
        title: `'=SUM(bees)`,
        subtitle: 'A study',
        journal: '',
        date: '2024',
        contributors: `Ada Lovelace (author) [${carberry}]; Grace Hopper`,
        url: 'https://example.org/a?b=1,2',
      },
    ])
    expect(rowsOf(await toFile(null))).toMatchObject([{ type: 'service', title: 'Referee' }])
    const parts = await db().exportPart.findMany({ orderBy: { id: 'desc' }, take: 2 })
    expect(parts.map(({ personIds }) => personIds)).toEqual([[(await idOf('7')).id], [anna.id]])
  })

  test('changes nothing where nobody has edited it', async () => {
    await save()
    expect(await rowsOfImport(await read(await toFile('work')))).toEqual(['2 unchanged'])
  })
})
