import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closePool, db, Prisma } from '@/lib/db'
import { type Export, exportResearchers } from '@/lib/exports/commands'
import { cutParts, partSize, readPart } from '@/lib/exports/parts'
import { listAllMyExports, listRuns } from '@/lib/exports/queries'
import { cancelRun } from '@/lib/exports/runs'
import type { FileOptions } from '@/lib/exports/schema'
import { countResearchers } from '@/lib/researchers/counts'
import { type ListFilters, noFilters } from '@/lib/researchers/schema'
import { makeResearcherActor, makeStaffActor } from '@/tests/support/actors'
import type { TestDatabase } from '@/tests/support/database'
import { csvOptions, inOneLine, parseCell, readFile } from '@/tests/support/export-lines'
import { until } from '@/tests/support/journey'
import { makeResearchers, useOwnDatabase } from '@/tests/support/researchers'
import { saveResearchers } from '@/tests/support/saved-researchers'

/** Two parts. */
const people = 3_000
const actor = makeStaffActor({ role: 'manager' })
let database: TestDatabase

beforeAll(async () => {
  database = await useOwnDatabase()
  await saveResearchers(makeResearchers(people))
  await db().staffMember.create({ data: { id: actor.staffId, orcid: actor.orcid, role: 'manager', origin: 'test' } })
})

afterAll(async () => {
  await closePool()
  await database.drop()
})

async function start(filters: ListFilters, options: Partial<FileOptions> = {}): Promise<Export> {
  const asking = { locale: 'en', requestId: '7K2M-Q9XD' }
  const file = await exportResearchers(actor, filters, { ...csvOptions, ...options }, asking)
  if (typeof file === 'string') throw new Error(`There is no file: ${file}`)
  return file
}

const exported = async (filters: ListFilters, options: Partial<FileOptions> = {}): Promise<string> =>
  (await readFile(await start(filters, options))).toString()

const read = (csv: string) => parse<Record<string, string>>(csv, { bom: true, columns: true, record_delimiter: '\r\n' })
const toTime = (time: unknown) => (time === null ? null : new Date(String(time)))
const events = () => db().auditEvent.findMany({ where: { action: 'list.exported' }, orderBy: { id: 'asc' } })
const runOf = async ({ id }: Export) => (await listRuns(actor, 100)).find((run) => run.id === id)

describe('an export', () => {
  test.each<Partial<ListFilters>>([
    {},
    { state: 'connected', scopes: ['/person/update'] },
    { q: 'ada', sort: 'name' },
    { q: '0000' },
    { state: 'expiring', connectedFrom: '2020-01-01' },
  ])('narrowed by %o holds every row of the list once, in every format', async (changes) => {
    const filters = { ...noFilters, ...changes }
    const csv = read(await exported(filters))
    const json: Record<string, unknown>[] = JSON.parse(await exported(filters, { format: 'json' }))
    const lines = (await exported(filters, { format: 'jsonl' })).split('\n').slice(0, -1)
    const rows = await db().researcher.findMany({ orderBy: { id: 'asc' } })
    expect(csv).toHaveLength((await countResearchers(actor, filters)).count)
    expect(new Set(csv.map(({ orcid }) => orcid)).size).toBe(csv.length)
    expect(json.map(({ orcid }) => orcid)).toEqual(csv.map(({ orcid }) => orcid))
    expect(json.map(({ name }) => name ?? '')).toEqual(csv.map(({ name }) => parseCell(name ?? '')))
    expect(lines.map((line) => JSON.parse(line))).toEqual(json)
    const held = new Map(rows.map((row) => [row.orcid, row]))
    const told = json.map(({ orcid, state_code: state, scopes, first_connected_at, authenticated_at }) =>
      JSON.stringify([orcid, state, scopes, toTime(first_connected_at), toTime(authenticated_at)]),
    )
    const expected = json.map(({ orcid }) => {
      const row = held.get(String(orcid))
      return JSON.stringify([row?.orcid, row?.state, row?.liveScopes, row?.firstConnectedAt, row?.createdAt])
    })
    expect(told).toEqual(expected)
  })

  test('gives every text back as it is in the database, whatever is in it', async () => {
    const texts = [
      'a\tb',
      'a\nb\r',
      '"',
      '\\',
      '\\N',
      'null',
      '',
      ' ',
      '\u0001',
      '\u2028',
      '李 明',
      '👩‍🔬',
      'a,b;c',
      "'='",
    ]
    const rows = await db().researcher.findMany({
      take: texts.length,
      orderBy: { id: 'asc' },
      include: { person: true },
    })
    for (const [place, { id }] of rows.entries()) {
      const person = { update: { department: 'awkward' } }
      await db().researcher.update({ where: { id }, data: { name: texts[place], person } })
    }
    const filters = { ...noFilters, department: 'awkward' }
    const json: { name: string }[] = JSON.parse(await exported(filters, { format: 'json' }))
    expect(json.map(({ name }) => name)).toEqual(texts.map(inOneLine))
    expect(read(await exported(filters)).map(({ name }) => parseCell(name ?? ''))).toEqual(texts.map(inOneLine))
    for (const { id, name, person } of rows) {
      const department = person?.department ?? null
      await db().researcher.update({ where: { id }, data: { name, person: { update: { department } } } })
    }
  })

  test('leaves one event with filter and row count, and without what was searched for, also on the list of exports', async () => {
    const before = (await events()).length
    const file = await start({ ...noFilters, q: 'ada', localId: 'ab12', state: 'withdrawn' })
    for await (const _part of file.parts);
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
    // Any four letters of hexadecimal may be in an id.
    const { exportId: _id, ...said } = (event?.detail ?? {}) as Record<string, unknown>
    expect(JSON.stringify(said)).not.toMatch(/ada|ab12/)
    expect(await runOf(file)).toMatchObject({
      state: 'done',
      rows: 0,
      filter: 'state=withdrawn',
      searched: true,
      startedBy: { orcid: actor.orcid },
    })
  })

  test('has written down who is in it before the first byte, and says how far it went when nobody reads on', async () => {
    const before = (await events()).length
    const { id, parts } = await start(noFilters)
    const written = await db().exportPart.findMany({ where: { exportId: id }, orderBy: { id: 'asc' } })
    expect(written.map(({ researcherIds }) => researcherIds.length)).toEqual([partSize, people - partSize])
    const everybody = await db().researcher.findMany({ orderBy: { id: 'asc' }, select: { id: true } })
    expect(written.flatMap(({ researcherIds }) => researcherIds)).toEqual(everybody.map((one) => one.id))
    await parts.next()
    await parts.next()
    await parts.return()
    const [event] = (await events()).slice(before)
    expect(event?.detail).toMatchObject({ exportId: id, rows: partSize, complete: false })
  })

  test('is told to exactly those who are in it', async () => {
    const filters: ListFilters = { ...noFilters, state: 'withdrawn' }
    const file = await start(filters, { format: 'json', columns: ['state_code'] })
    const inFile = JSON.parse((await readFile(file)).toString()).map(({ orcid }: { orcid: string }) => orcid)
    const at = (await db().exportPart.findFirst({ where: { exportId: file.id }, select: { at: true } }))?.at
    const some = await db().researcher.findMany({ take: 40, orderBy: { id: 'asc' } })
    const told = await Promise.all(
      some.map(async ({ id, orcid }) => {
        const mine = await listAllMyExports(makeResearcherActor({ researcherId: id, orcid }))
        return mine.some((one) => one.at.getTime() === at?.getTime())
      }),
    )
    expect(told).toEqual(some.map(({ orcid }) => inFile.includes(orcid)))
    expect(new Set(told).size).toBe(2)
  })

  test('lacks whoever was erased since it was cut', async () => {
    const [person] = makeResearchers(1, people)
    await saveResearchers([{ ...person, department: 'of one' } as never])
    const { id } = await db().researcher.findFirstOrThrow({ where: { person: { department: 'of one' } } })
    const file = await start({ ...noFilters, department: 'of one' })
    await db().researcher.delete({ where: { id } })
    expect(read((await readFile(file)).toString())).toEqual([])
  })

  test('is not begun where it would have more rows than its format holds', async () => {
    const id = '5c3a3a0e-1f63-4b0e-9f27-0d3a9f5f8a11'
    const found = { people: Prisma.sql`select id from researcher` }
    expect(await cutParts(id, 'list.exported', found, people - 1)).toBeNull()
    expect(await db().exportPart.count({ where: { exportId: id } })).toBe(0)
    expect(await cutParts(id, 'list.exported', found, people)).toMatchObject({ rows: people })
  })

  test('can be cancelled while somebody reads it and while nobody does, and leaves no query', async () => {
    const taken = await start(noFilters)
    const ignored = await start(noFilters)
    await taken.parts.next()
    expect(await cancelRun(actor, taken.id)).toBe(true)
    expect(await cancelRun(actor, ignored.id)).toBe(true)
    expect(await cancelRun(actor, ignored.id)).toBe(false)
    await until('both have heard of it', async () => taken.stop.signal.aborted && ignored.stop.signal.aborted)
    await expect(taken.parts.next()).rejects.toThrow()
    await ignored.parts.return()
    expect(await runOf(taken)).toMatchObject({ state: 'cancelled' })
    expect(await runOf(ignored)).toMatchObject({ state: 'cancelled' })
    const active = Prisma.sql`select 1 from pg_stat_activity where query like 'copy (%' and state <> 'idle'`
    await until('no query is left', async () => (await db().$queryRaw<unknown[]>(active)).length === 0)
  })

  test('ends with an error when its connection breaks, and the process goes on', async () => {
    const broken = expect(readPart('copy (select pg_sleep(31)::text) to stdout')).rejects.toThrow()
    const asleep = Prisma.sql`from pg_stat_activity where state = 'active' and query like 'copy (select pg_sleep(31)%'`
    await until('it sleeps', async () => (await db().$queryRaw<unknown[]>`select 1 ${asleep}`).length === 1)
    await db().$queryRaw`select pg_terminate_backend(pid) ${asleep}`
    await broken
    expect(Buffer.concat([...(await readPart(`copy (select 'here') to stdout`))]).toString()).toBe('here\n')
  })

  test('leaves no time limit behind that would meet the next query of its connection', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
    const before = timers()
    for (let time = 0; time < 5; time++) await readPart('copy (select 1) to stdout')
    expect(timers()).toBeLessThanOrEqual(before + 1)
  })

  test('waits while two are running, whoever runs them, and those whose process has died do not count', async () => {
    const [first, second] = [await start(noFilters), await start(noFilters)]
    expect(await exportResearchers(actor, noFilters, csvOptions, { locale: 'en' })).toBe('busy')
    await db().exportRun.updateMany({ where: { id: first.id }, data: { seenAt: new Date(Date.now() - 120_000) } })
    expect(await runOf(first)).toMatchObject({ state: 'failed' })
    const third = await start(noFilters)
    for (const { parts } of [first, second, third]) await parts.return()
    expect((await listRuns(actor, 100)).filter(({ state }) => state === 'running')).toEqual([])
  })
})
