import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StaffActor } from '@/lib/actor'
import { db } from '@/lib/db'
import { exportResearchers } from '@/lib/exports/commands'
import { type ExportFormat, parseCell } from '@/lib/exports/export'
import { countResearchers } from '@/lib/researchers/counts'
import { type ListFilters, noFilters } from '@/lib/researchers/schema'
import type { TestDatabase } from '@/tests/support/database'
import { makeResearchers, useOwnDatabase } from '@/tests/support/researchers'

const people = 2_345
const actor: StaffActor = {
  kind: 'staff',
  staffId: '7b0c4c2e-3f1c-4d59-8a55-0d5f3e1f6a11',
  orcid: '0000-0002-1825-0097',
  role: 'manager',
  sessionId: '7b0c4c2e-3f1c-4d59-8a55-0d5f3e1f6a12',
}
let database: TestDatabase

beforeAll(async () => {
  database = await useOwnDatabase()
  await db().researcher.createMany({ data: makeResearchers(people) })
})

afterAll(async () => {
  await db().$disconnect()
  await database.drop()
})

async function exported(filters: ListFilters, format: ExportFormat): Promise<string> {
  const parts: string[] = []
  for await (const part of exportResearchers(actor, filters, format, '7K2M-Q9XD')) parts.push(part)
  return parts.join('')
}

const read = (csv: string) => parse<Record<string, string>>(csv, { bom: true, columns: true, record_delimiter: '\r\n' })
const events = () => db().auditEvent.findMany({ where: { action: 'list.exported' }, orderBy: { id: 'asc' } })

describe('an export', () => {
  test.each<Partial<ListFilters>>([
    {},
    { state: 'connected', scopes: ['/person/update'] },
    { q: 'ada', sort: 'name' },
    { state: 'expiring', connectedFrom: '2020-01-01' },
  ])('narrowed by %o holds every row of the list once, in both formats', async (changes) => {
    const filters = { ...noFilters, ...changes }
    const csv = read(await exported(filters, 'csv'))
    const json: Record<string, unknown>[] = JSON.parse(await exported(filters, 'json'))
    expect(csv).toHaveLength((await countResearchers(actor, filters)).count)
    expect(new Set(csv.map(({ orcid }) => orcid)).size).toBe(csv.length)
    expect(json.map(({ orcid }) => orcid)).toEqual(csv.map(({ orcid }) => orcid))
    expect(json.map(({ name }) => name ?? '')).toEqual(csv.map(({ name }) => parseCell(name ?? '')))
  })

  test('of nobody is a file with a header', async () => {
    expect(read(await exported({ ...noFilters, q: 'nobody at all' }, 'csv'))).toEqual([])
    expect(JSON.parse(await exported({ ...noFilters, q: 'nobody at all' }, 'json'))).toEqual([])
  })

  test('leaves one event with filter and row count, and without what was searched for', async () => {
    const before = (await events()).length
    await exported({ ...noFilters, q: 'ada', state: 'withdrawn' }, 'csv')
    const [event, ...others] = (await events()).slice(before)
    expect(others).toEqual([])
    expect(event).toMatchObject({
      actorKind: 'staff',
      actorId: actor.staffId,
      researcherId: null,
      requestId: '7K2M-Q9XD',
    })
    expect(event?.detail).toMatchObject({
      format: 'csv',
      complete: true,
      filter: { state: 'withdrawn', searched: true },
    })
    expect(JSON.stringify(event?.detail)).not.toContain('ada')
  })

  test('that nobody reads to its end asks for no more, and says how far it went and whose details left', async () => {
    const before = (await events()).length
    const parts = exportResearchers(actor, noFilters, 'csv')
    const head = await parts.next()
    const left = `${head.value}${(await parts.next()).value}`
    await parts.return()
    const [event] = (await events()).slice(before)
    expect(event?.detail).toMatchObject({ rows: 1_000, complete: false })
    const detail = event?.detail as { exportId: string }
    const [part, ...others] = await db().exportPart.findMany({ where: { exportId: detail.exportId } })
    expect(others).toEqual([])
    const written = await db().researcher.findMany({ where: { id: { in: part?.researcherIds } } })
    expect(written.map(({ orcid }) => orcid).sort()).toEqual(read(left).map(({ orcid }) => orcid))
  })
})
