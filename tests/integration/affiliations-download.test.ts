import { randomUUID } from 'node:crypto'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { readXlsx } from 'hucre/xlsx'
import { beforeEach, describe, expect, test } from 'vitest'
import { affiliationKinds, affiliationStates } from '@/lib/affiliations/affiliation'
import { noAffiliationFilters } from '@/lib/affiliations/schema'
import { db } from '@/lib/db'
import { exportAffiliations } from '@/lib/exports/commands'
import { makeStaffActor } from '@/tests/support/actors'
import {
  importItems,
  readFileOfItems,
  rowsOfImport,
  saveItems,
  startWithTwoPeople,
} from '@/tests/support/affiliations-import'
import { readFile } from '@/tests/support/export-lines'
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

const toBytes = async (format: 'csv' | 'xlsx' | 'json') =>
  new Uint8Array(await readFile(await exportAffiliations(staff, noAffiliationFilters, format, { locale: 'en' })))

describe('the download of all items', () => {
  test('has id, put-code, state and reason in each format', async () => {
    const orcid = '0000-0002-1825-0097'
    const { id: researcherId } = await db().researcher.create({
      data: { orcid, registry: 'local', state: 'connected' },
    })
    const person = await db().person.findFirstOrThrow({ where: { orcid } })
    const about = { personId: person.id, researcherId, origin: 'entered', kind: 'service', title: 'Referee' } as const
    const item = await db().affiliation.create({
      data: { ...about, externalId: 's-1', state: 'refused', reason: 'locked', putCode: '42', writtenRevision: 1 },
    })
    const wanted = { id: item.id, put_code: '42', state_code: 'refused', reason: 'locked', orcid, type: 'service' }
    const csv = parse(Buffer.from(await toBytes('csv')), { bom: true, columns: true })
    expect(csv).toMatchObject([{ ...wanted, state: 'Refused by ORCID' }])
    expect(JSON.parse(Buffer.from(await toBytes('json')).toString())).toMatchObject([wanted])
    const [sheet] = (await readXlsx(await toBytes('xlsx'))).sheets
    expect(sheet?.rows).toHaveLength(2)
    const [part] = await db().exportPart.findMany({ orderBy: { id: 'desc' }, take: 1 })
    expect(part).toMatchObject({
      action: 'affiliations.exported',
      personIds: [person.id],
      researcherIds: [researcherId],
    })
  })

  test('edited and uploaded, changes and adds; a row with only its id deletes', async () => {
    await importItems(staff, `${header}${lecturer}7,employment,Clerk,Law,2020,,hr-2\n`)
    const text = Buffer.from(await toBytes('csv')).toString()
    const [head = '', ...lines] = text.trim().split('\r\n')
    const clerk = lines.find((line) => line.includes('Clerk')) ?? ''
    const ada = lines.find((line) => line.includes('Lecturer')) ?? ''
    const added = ada
      .replace(/^[^,]*/, '')
      .replace('Lecturer', 'Dean')
      .replace('"hr-1"', '"hr-3"')
    const id = await read([head, ada.replace('2021-03', '2021-09'), clerk.split(',')[0], added].join('\r\n'))
    expect(await rowsOfImport(id)).toEqual(['2 changed', '3 removed', '4 added'])
    await saveItems(staff, id)
    expect((await items()).map(({ title, startOn, state }) => [title, startOn, state]).sort()).toEqual([
      ['Clerk', '2020', 'deleted'],
      ['Dean', '2021-03', 'waiting_for_person'],
      ['Lecturer', '2021-09', 'waiting_for_person'],
    ])
  })

  test('refuses to give an item another kind, identifier or person, and an id that is nobody’s', async () => {
    await importItems(staff, header + lecturer)
    const [{ id } = { id: '' }] = await items()
    const rows = [
      [id, '000123,education,Lecturer,hr-1', 'type fixed'],
      [id, '000123,employment,Lecturer,hr-2', 'external_id fixed'],
      [id, '7,employment,Lecturer,hr-1', 'id other_person'],
      [randomUUID(), '000123,employment,Lecturer,hr-1', 'id unknown_id'],
    ] as const
    for (const [given, rest, fault] of rows) {
      const file = `id,local_id,type,title,external_id\n${given},${rest}\n`
      expect(await verdictsOf(file)).toEqual([`2 refused ${fault}`])
    }
  })

  test('changes nothing where nobody has edited it, whatever the items say and wherever they stand', async () => {
    const text = fc
      .string({
        unit: fc.oneof(
          fc.constantFrom(...`aZ é,;"'=+-@0|\u200b\u00ad\u202e\ufffd`),
          fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
        ),
        maxLength: 12,
      })
      .map((given) =>
        given
          .replace(/[\p{Cc}\p{Cs}\u2028\u2029]/gu, '')
          .normalize('NFC')
          .replace(/\s+/gu, ' ')
          .trim(),
      )
    const titles = fc.oneof(
      text,
      fc.constantFrom('NULL', '1.5E+10', '=SUM(A1)', `'=x`, '="007"', '_x0041_', '#REF!', '0123'),
    )
    const optional = (of: fc.Arbitrary<string>) => fc.option(of.filter(Boolean))
    const day = fc.constantFrom('2019', '2020-02', '2021-03-31')
    const item = fc.record({
      kind: fc.constantFrom(...affiliationKinds),
      title: titles.filter(Boolean),
      department: optional(text),
      startOn: fc.option(day),
      endOn: fc.option(fc.constantFrom('2022', '2023-01-01')),
      url: fc.option(fc.constantFrom('https://example.org/a?b=1,2', 'http://example.org/"')),
      externalId: titles.filter(Boolean),
      state: fc.constantFrom(...affiliationStates),
      removal: fc.constantFrom(null, 'staff', 'person'),
      putCode: fc.option(fc.constantFrom('7', '4711')),
      reason: fc.option(fc.constantFrom('locked', '=bad, "words"')),
      ada: fc.boolean(),
    })
    const [ada, linus] = [await idOf('000123'), await idOf('7')]
    const known = (one: { kind: string; externalId: string; ada: boolean }) =>
      `${one.ada} ${one.kind} ${one.externalId.toLowerCase()}`
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(item, { selector: known, minLength: 1, maxLength: 6 }), async (all) => {
        await db().affiliation.deleteMany()
        await db().affiliation.createMany({
          skipDuplicates: true,
          data: all.map(({ ada: isAda, endOn, state, ...one }) => ({
            ...one,
            // What is on a record has a number, and nobody asked for its removal.
            ...(state === 'in_orcid'
              ? { state, putCode: one.putCode ?? '1', writtenRevision: 1, removal: null }
              : { state }),
            endOn: one.startOn ? endOn : null,
            origin: 'entered' as const,
            personId: isAda ? ada : linus,
          })),
        })
        const before = await items()
        for (const format of ['csv', 'xlsx'] as const) {
          const id = await read(await toBytes(format))
          expect(await rowsOfImport(id)).toEqual(before.map((_, n) => `${n + 2} unchanged`))
        }
      }),
      { numRuns: 40 },
    )
  })
})
