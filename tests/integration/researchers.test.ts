import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closePool, db } from '@/lib/db'
import { recordResearcherViewed } from '@/lib/researchers/commands'
import { countResearchers } from '@/lib/researchers/counts'
import { listNearest } from '@/lib/researchers/nearest'
import { findResearcher, listResearchers, pageSize } from '@/lib/researchers/queries'
import type { ShownResearcher } from '@/lib/researchers/rows'
import {
  type Cursor,
  columnOf,
  type ListFilters,
  listSorts,
  noFilters,
  parseListFilters,
  type SortColumn,
  sortOf,
  toSearchParams,
} from '@/lib/researchers/schema'
import { makeStaffActor } from '@/tests/support/actors'
import type { TestDatabase } from '@/tests/support/database'
import { makeResearchers, useOwnDatabase } from '@/tests/support/researchers'
import { saveResearchers } from '@/tests/support/saved-researchers'

const people = 337
const actor = makeStaffActor()
let database: TestDatabase

beforeAll(async () => {
  database = await useOwnDatabase()
  await saveResearchers(makeResearchers(people))
})

afterAll(async () => {
  await closePool()
  await database.drop()
})

const list = (changes: Partial<ListFilters>) => listResearchers(actor, { ...noFilters, ...changes })
const find = async (q: string) => (await list({ q })).rows.map(({ name }) => name)

/** Walks from a page to where `go` ends, over URLs as a browser would. */
async function walk(filters: ListFilters, go: 'next' | 'previous', onPage?: () => Promise<unknown>) {
  const pages: ShownResearcher[][] = []
  let at: ListFilters = filters
  for (;;) {
    const page = await listResearchers(actor, at)
    pages.push(page.rows)
    await onPage?.()
    if (!page[go]) return { rows: go === 'next' ? pages.flat() : pages.reverse().flat(), at }
    at = parseListFilters(toSearchParams({ ...filters, cursor: page[go] })).filters
  }
}

const narrowed: Partial<ListFilters>[] = [
  {},
  { q: 'a' },
  { state: 'connected' },
  { state: 'expiring' },
  { state: 'withdrawn' },
  { scopes: ['/read-limited'] },
  { state: 'connected', scopes: ['/person/update', 'openid'], q: '0000-' },
  { department: 'Chemistry', checkedBefore: new Date().toISOString().slice(0, 10) },
]

describe.each(listSorts)('the list sorted by %s', (sort) => {
  test.each(narrowed)('and narrowed by %o visits every row once, forward and back', async (changes) => {
    const filters = { ...noFilters, ...changes, sort }
    const forward = await walk(filters, 'next')
    const ids = forward.rows.map(({ id }) => id)
    expect(ids).toHaveLength((await countResearchers(actor, filters)).count)
    expect(new Set(ids).size).toBe(ids.length)
    const back = await walk(forward.at, 'previous')
    expect(back.rows.map(({ id }) => id)).toEqual(ids)
  })

  test('is in that order: no day comes before all days, no name and no end after all of them', async () => {
    const column = columnOf(sort)
    const filters: ListFilters = { ...noFilters, state: column === 'withdrew' ? 'withdrawn' : null, sort }
    expect(sortOf(filters)).toBe(sort)
    const { rows } = await walk(filters, 'next')
    const ascending = sort.startsWith('-') ? rows.toReversed() : rows
    const ranks: Record<SortColumn, (row: ShownResearcher) => string | number> = {
      name: ({ name }) => name ?? '\uffff',
      orcid: ({ orcid }) => orcid,
      connected: ({ firstConnectedAt }) => Number(firstConnectedAt ?? -Infinity),
      confirmed: ({ lastConfirmedAt }) => Number(lastConfirmedAt ?? -Infinity),
      expires: ({ expiresAt }) => Number(expiresAt ?? Infinity),
      checked: ({ lastCheckedAt }) => Number(lastCheckedAt ?? -Infinity),
      withdrew: ({ withdrewAt }) => Number(withdrewAt ?? -Infinity),
    }
    const { compare } = new Intl.Collator('und')
    const values = ascending.map(ranks[column])
    const isInOrder = (one: string | number, other: string | number) =>
      typeof one === 'string' ? compare(one, String(other)) <= 0 : one <= Number(other)
    expect(values.slice(1).filter((value, i) => !isInOrder(values[i] ?? '', value))).toEqual([])
  })
})

describe('the pages', () => {
  test('visit each of the rows that were there once, while others are inserted', async () => {
    for (const sort of listSorts) {
      const before = new Set((await db().researcher.findMany({ select: { id: true } })).map(({ id }) => id))
      let added = 0
      const start = 1_000 + 200 * listSorts.indexOf(sort)
      const { rows } = await walk({ ...noFilters, sort }, 'next', () =>
        saveResearchers(makeResearchers(5, start + 5 * added++)),
      )
      const seen = rows.map(({ id }) => id)
      expect(new Set(seen).size).toBe(seen.length)
      expect([...before].filter((id) => !seen.includes(id))).toEqual([])
    }
    await db().researcher.deleteMany({ where: { orcid: { notIn: makeResearchers(people).map(({ orcid }) => orcid) } } })
  })

  test('say how many rows came before them', async () => {
    const first = await list({})
    expect(first).toMatchObject({ from: 0, previous: null })
    const second = await list({ cursor: first.next })
    expect(second.from).toBe(pageSize)
    expect(await list({ cursor: second.previous })).toMatchObject({ from: 0, previous: null, rows: first.rows })
  })

  test('lead to the beginning from a cursor behind which nothing is left', async () => {
    const { rows } = await walk({ ...noFilters, sort: 'orcid' }, 'next')
    const last = rows.at(-1)
    const cursor: Cursor = { sort: 'orcid', go: 'next', key: last?.orcid ?? '', id: last?.personId ?? '', from: people }
    expect((await list({ sort: 'orcid', cursor })).rows).toEqual(rows.slice(0, pageSize))
  })

  test('of a cursor that is not ours are the first one, with a notice', async () => {
    const garbage = ['%00', '{}', Buffer.from('[]').toString('base64url'), 'A'.repeat(10_000), '\0', '🦆']
    for (const cursor of garbage) {
      const { filters, notices } = parseListFilters({ cursor })
      expect(notices).toEqual(['cursor'])
      expect(await listResearchers(actor, filters)).toEqual(await list({}))
    }
  })

  test('of a cursor somebody made up are some rows, and no error', async () => {
    const made = { go: 'next', id: '00000000-0000-0000-0000-000000000000', from: 7 } as const
    for (const cursor of [
      { ...made, sort: '-connected', key: '9999-12-31T23:59:59.999Z' },
      { ...made, sort: 'connected', key: '1900-01-01T00:00:00.000Z' },
      { ...made, sort: 'name', key: "'; drop table researcher; --" },
    ] as const) {
      const parsed = parseListFilters(toSearchParams({ ...noFilters, sort: cursor.sort, cursor }))
      expect(parsed.notices).toEqual([])
      expect((await listResearchers(actor, parsed.filters)).rows).toHaveLength(pageSize)
    }
  })
})

describe('the search', () => {
  test('finds part of a name in any case', async () => {
    expect(new Set(await find('ÉMIL'))).toEqual(new Set(['Émile']))
    expect(new Set(await find('ilé'))).toEqual(new Set(['Émile']))
  })

  test('finds one or two characters where a word begins', async () => {
    expect(new Set(await find('ad'))).toEqual(new Set(['Ada', 'ada']))
    expect(new Set(await find('李'))).toEqual(new Set(['李']))
    expect(await find('da')).toEqual([])
  })

  test('takes %, _ and backslash for themselves', async () => {
    expect(new Set(await find('00%'))).toEqual(new Set(['100%']))
    expect(new Set(await find('a_b'))).toEqual(new Set(['a_b']))
    expect(await find('%')).toEqual([])
    expect(await find('\\')).toEqual([])
  })

  test('finds an iD by a part of it, and by its whole address', async () => {
    const [someone] = makeResearchers(1)
    const orcid = someone?.orcid ?? ''
    const bare = orcid.replaceAll('-', '')
    for (const q of [orcid.slice(10), orcid, bare, `https://orcid.org/${orcid}`, `http://sandbox.orcid.org/${orcid}`]) {
      expect((await list({ q })).rows.map((row) => row.orcid)).toContain(orcid)
    }
  })

  test('finds somebody by an iD in any form in which it is pasted', async () => {
    const [someone] = makeResearchers(1)
    const orcid = someone?.orcid ?? ''
    const forms = [
      ` ${orcid.replaceAll('-', ' ')}\t`,
      `(${orcid.replaceAll('-', '–')}),`,
      `https://www.orcid.org/${orcid}/?lang=en`,
    ]
    for (const q of forms) expect((await list({ q })).rows.map((row) => row.orcid)).toEqual([orcid])
  })

  test('finds names as Family, Given, with pasted tabs, and in both German spellings', async () => {
    const [one] = makeResearchers(1, people)
    await saveResearchers([{ ...one, name: 'Jörg Schröder', department: 'Alte Möbel' } as never])
    const { id } = await db().researcher.findFirstOrThrow({ where: { name: 'Jörg Schröder' } })
    const found = ['Schröder, Jörg', 'jorg\tschroder', 'Schroeder', 'schroeder joerg', 'schrod jörg', 'moebel schröder']
    for (const q of found) expect(await find(q), q).toEqual(['Jörg Schröder'])
    await db().researcher.update({ where: { id }, data: { name: 'Joerg Schroeder' } })
    expect(await find('Schröder')).toEqual(['Joerg Schroeder'])
    await db().researcher.delete({ where: { id } })
  })

  test('finds part of a department', async () => {
    const departments = (await list({ q: 'humanit' })).rows.map(({ department }) => department)
    expect(new Set(departments)).toEqual(new Set(['Faculty of Humanities']))
  })

  test('offers the nearest names for a mistyped one, at most five, and none for what is like nobody', async () => {
    const names = ['Katharina Lindqvist', 'Katharina Lindquist']
    const rows = makeResearchers(2, people).map((row, place) => ({ ...row, name: names[place] }))
    await saveResearchers(rows)
    expect((await listNearest(actor, 'Katharina Lindkvist')).map(({ name }) => name)).toEqual([
      'Katharina Lindqvist',
      'Katharina Lindquist',
    ])
    expect(await listNearest(actor, 'zzzzqqqq xxxx')).toEqual([])
    expect(await listNearest(actor, 'ab')).toEqual([])
    await db().researcher.deleteMany({ where: { name: { in: names } } })
  })

  test('finds part of a local identifier', async () => {
    const rows = (await list({ q: 'u30' })).rows.map(({ localId }) => localId)
    expect(new Set(rows)).toEqual(new Set(['u30', 'u300', 'u301']))
  })

  test.each(['\u0301', '´', '\u064b', 'ada ´'])('finds nobody by %o, of which nothing is left', async (q) => {
    expect(await find(q)).toEqual([])
  })
})

test('are counted to the last up to a number, and beyond it there are more', async () => {
  expect(await countResearchers(actor, noFilters)).toEqual({ count: people, exact: true })
  expect(await countResearchers(actor, noFilters, people)).toEqual({ count: people, exact: true })
  expect(await countResearchers(actor, noFilters, people - 1)).toEqual({ count: people - 1, exact: false })
})

describe('the page of one person', () => {
  test('exists for an iD that is here, and for no other', async () => {
    const [someone] = makeResearchers(1)
    expect((await findResearcher(actor, someone?.orcid ?? ''))?.orcid).toBe(someone?.orcid)
    expect(await findResearcher(actor, '0000-0002-1825-0097')).toBeNull()
  })

  test('leaves one event an hour for each staff member, however often and however fast it is opened', async () => {
    const { rows } = await list({ sort: 'orcid' })
    const researcherId = rows[0]?.id ?? ''
    await Promise.all(Array.from({ length: 8 }, () => recordResearcherViewed(actor, researcherId)))
    const other = makeStaffActor()
    await recordResearcherViewed(other, researcherId)
    const events = await db().auditEvent.findMany({ where: { researcherId }, orderBy: { id: 'asc' } })
    expect(events.map(({ action, actorId }) => ({ action, actorId }))).toEqual([
      { action: 'researcher.viewed', actorId: actor.staffId },
      { action: 'researcher.viewed', actorId: other.staffId },
    ])
  })
})
