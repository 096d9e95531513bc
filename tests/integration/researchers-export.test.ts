import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readTexts } from '@/lib/bulk'
import { closePool, db, Prisma } from '@/lib/db'
import { type Export, exportResearchers } from '@/lib/exports/commands'
import { listAllMyExports, listRuns } from '@/lib/exports/queries'
import { cancelRun } from '@/lib/exports/runs'
import type { FileOptions } from '@/lib/exports/schema'
import { countResearchers } from '@/lib/researchers/counts'
import { type ListFilters, noFilters } from '@/lib/researchers/schema'
import { makeResearcherActor, makeStaffActor } from '@/tests/support/actors'
import type { TestDatabase } from '@/tests/support/database'
import { parseCell } from '@/tests/support/export-lines'
import { until } from '@/tests/support/journey'
import { makeResearchers, useOwnDatabase } from '@/tests/support/researchers'

const people = 2_345
const actor = makeStaffActor({ role: 'manager' })
const csvOptions: FileOptions = { format: 'csv', separator: ',', bom: true, columns: null, dn: null }
let database: TestDatabase

beforeAll(async () => {
  database = await useOwnDatabase()
  await db().researcher.createMany({ data: makeResearchers(people) })
  await db().staffMember.create({ data: { id: actor.staffId, orcid: actor.orcid, role: 'manager', origin: 'test' } })
})

afterAll(async () => {
  await closePool()
  await database.drop()
})

async function start(filters: ListFilters, options: Partial<FileOptions> = {}): Promise<Export> {
  const file = await exportResearchers(actor, filters, { ...csvOptions, ...options }, '7K2M-Q9XD')
  if (!file) throw new Error('No place is left')
  return file
}

async function exported(filters: ListFilters, options: Partial<FileOptions> = {}): Promise<string> {
  const parts: string[] = []
  for await (const part of (await start(filters, options)).parts) parts.push(part)
  return parts.join('')
}

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
    const rows = await db().researcher.findMany({ orderBy: { orcid: 'asc' } })
    expect(csv).toHaveLength((await countResearchers(actor, filters)).count)
    expect(new Set(csv.map(({ orcid }) => orcid)).size).toBe(csv.length)
    expect(json.map(({ orcid }) => orcid)).toEqual(csv.map(({ orcid }) => orcid))
    expect(json.map(({ name }) => name ?? '')).toEqual(csv.map(({ name }) => parseCell(name ?? '')))
    expect(lines.map((line) => JSON.parse(line))).toEqual(json)
    const held = new Map(rows.map((row) => [row.orcid, row]))
    const told = json.map(({ orcid, state, scopes, first_connected_at, authenticated_at }) =>
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
    const rows = await db().researcher.findMany({ take: texts.length, orderBy: { orcid: 'asc' } })
    for (const [place, { id }] of rows.entries()) {
      await db().researcher.update({ where: { id }, data: { name: texts[place], department: 'awkward' } })
    }
    const filters = { ...noFilters, department: 'awkward' }
    const json: { name: string }[] = JSON.parse(await exported(filters, { format: 'json' }))
    expect(json.map(({ name }) => name)).toEqual(texts)
    expect(read(await exported(filters)).map(({ name }) => parseCell(name ?? ''))).toEqual(texts)
    for (const { id, name, department } of rows) {
      await db().researcher.update({ where: { id }, data: { name, department } })
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
    expect(JSON.stringify(event?.detail)).not.toMatch(/ada|ab12/)
    expect(await runOf(file)).toMatchObject({
      state: 'done',
      rows: 0,
      filter: 'state=withdrawn',
      searched: true,
      startedBy: { orcid: actor.orcid },
    })
  })

  test('that nobody reads to its end asks for no more, and says how far it went and whose details left', async () => {
    const before = (await events()).length
    const { id, parts } = await start(noFilters)
    const left = `${(await parts.next()).value}${(await parts.next()).value}`
    await parts.return()
    const [event] = (await events()).slice(before)
    expect(event?.detail).toMatchObject({ exportId: id, rows: 500, complete: false })
    const [part, ...others] = await db().exportPart.findMany({ where: { exportId: id } })
    expect(others).toEqual([])
    const written = await db().researcher.findMany({ where: { id: { in: part?.researcherIds } } })
    expect(written.map(({ orcid }) => orcid).sort()).toEqual(read(left).map(({ orcid }) => orcid))
  })

  test('is told to exactly those whose rows left in it', async () => {
    const { id, parts } = await start(noFilters, { format: 'json', columns: [] })
    for (let count = 0; count < 3; count++) await parts.next()
    await parts.return()
    const first = { where: { exportId: id }, orderBy: { id: 'asc' }, select: { at: true } } as const
    const at = (await db().exportPart.findFirst(first))?.at
    const everybody = await db().researcher.findMany({ orderBy: { orcid: 'asc' } })
    const told = async ({ id, orcid }: { id: string; orcid: string }) => {
      const mine = await listAllMyExports(makeResearcherActor({ researcherId: id, orcid }))
      return mine.some((one) => one.at.getTime() === at?.getTime())
    }
    // At the ends of the parts, where a range could be one too narrow or too wide.
    for (const place of [0, 1, 499, 500, 998, 999])
      expect(await told(everybody[place] ?? { id: '', orcid: '' })).toBe(place < 500)
  })

  test('can be cancelled while somebody reads it and while nobody does, and leaves no query', async () => {
    const read = await start(noFilters)
    const ignored = await start(noFilters)
    await read.parts.next()
    expect(await cancelRun(actor, read.id)).toBe(true)
    expect(await cancelRun(actor, ignored.id)).toBe(true)
    expect(await cancelRun(actor, ignored.id)).toBe(false)
    await until('both have heard of it', async () => read.stop.signal.aborted && ignored.stop.signal.aborted)
    await expect(read.parts.next()).rejects.toThrow()
    await ignored.parts.return()
    expect(await runOf(read)).toMatchObject({ state: 'cancelled' })
    expect(await runOf(ignored)).toMatchObject({ state: 'cancelled' })
    const active = await db().$queryRaw`
      select 1 from pg_stat_activity where query like '%string_agg%' and query not like '%pg_stat_activity%' and state <> 'idle'`
    expect(active).toEqual([])
  })

  test('ends the query that it is waiting for', async () => {
    const stop = new AbortController()
    const waiting = readTexts(Prisma.sql`select pg_sleep(30)::text as slept`, stop.signal)
    const asleep = () => db().$queryRaw<unknown[]>`
      select 1 from pg_stat_activity where state = 'active' and query like 'select pg_sleep%'`
    await until('it sleeps', async () => (await asleep()).length === 1)
    stop.abort()
    await expect(waiting).rejects.toThrow()
    expect(await asleep()).toEqual([])
  })

  test('ends with an error when its connection breaks, and the process goes on', async () => {
    const waiting = readTexts(Prisma.sql`select pg_sleep(31)::text as slept`, new AbortController().signal)
    const broken = expect(waiting).rejects.toThrow()
    const asleep = Prisma.sql`from pg_stat_activity where state = 'active' and query like 'select pg_sleep(31)%'`
    await until('it sleeps', async () => (await db().$queryRaw<unknown[]>`select 1 ${asleep}`).length === 1)
    await db().$queryRaw`select pg_terminate_backend(pid) ${asleep}`
    await broken
    expect(await readTexts(Prisma.sql`select 'here' as here`, new AbortController().signal)).toEqual([{ here: 'here' }])
  })

  test('waits while two are running, whoever runs them, and those whose process has died do not count', async () => {
    const [first, second] = [await start(noFilters), await start(noFilters)]
    expect(await exportResearchers(actor, noFilters, csvOptions)).toBeNull()
    await db().exportRun.updateMany({ where: { id: first.id }, data: { seenAt: new Date(Date.now() - 120_000) } })
    expect(await runOf(first)).toMatchObject({ state: 'failed' })
    const third = await start(noFilters)
    for (const { parts } of [first, second, third]) await parts.return()
    expect((await listRuns(actor, 100)).filter(({ state }) => state === 'running')).toEqual([])
  })
})
