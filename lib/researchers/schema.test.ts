import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SCOPES } from '@/lib/orcid/scopes'
import {
  type Cursor,
  columnOf,
  isFiltered,
  type ListFilters,
  type ListSort,
  listColumns,
  listFindings,
  listSorts,
  listStates,
  noFilters,
  parseListFilters,
  sortOf,
  toSearchParams,
} from '@/lib/researchers/schema'

const day = fc.date({ min: new Date('1990-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
const isoTime = day.map((date) => date.toISOString())
const isoDay = isoTime.map((time) => time.slice(0, 10))
const digits = (count: number) => fc.stringMatching(new RegExp(`^\\d{${count}}$`))
const orcid = fc.tuple(digits(4), digits(4), digits(4), digits(4)).map((groups) => groups.join('-'))
const name = fc.string({ unit: 'binary', maxLength: 200 }).map((text) => text.replaceAll('\0', ''))

function cursorOf(sort: ListSort): fc.Arbitrary<Cursor> {
  const time = fc.option(isoTime)
  const keys = {
    name: fc.option(name),
    connected: time,
    confirmed: time,
    expires: time,
    checked: time,
    withdrew: time,
    orcid,
  }
  const go = fc.constantFrom('next' as const, 'previous' as const)
  return fc.record({
    sort: fc.constant(sort),
    go,
    key: keys[columnOf(sort)],
    id: fc.uuid(),
    from: fc.nat(1_000_000_000),
  })
}

const someScopes = fc
  .uniqueArray(fc.constantFrom(...SCOPES.map(({ scope }) => scope)))
  .map((scopes) => scopes.toSorted())

const words = fc
  .string({ unit: 'grapheme', maxLength: 60 })
  .map((text) => text.trim())
  .filter(Boolean)

const filters: fc.Arbitrary<ListFilters> = fc
  .record({
    q: fc.string({ unit: 'grapheme', maxLength: 60 }).map((text) => text.trim()),
    state: fc.option(fc.constantFrom(...listStates)),
    finding: fc.option(fc.constantFrom(...listFindings)),
    scopes: someScopes,
    lacks: someScopes,
    expiringWithin: fc.option(fc.integer({ min: 1, max: 999 })),
    connectedFrom: fc.option(isoDay),
    connectedTo: fc.option(isoDay),
    withdrawnSince: fc.option(isoDay),
    checkedFrom: fc.option(isoDay),
    checkedBefore: fc.option(isoDay),
    department: fc.option(words),
    localId: fc.option(words),
    sort: fc.option(fc.constantFrom(...listSorts)),
    columns: fc.subarray([...listColumns]),
    cursor: fc.constant(null),
  })
  .chain((made) => fc.option(cursorOf(sortOf(made))).map((cursor) => ({ ...made, cursor })))

const everyFilter: ListFilters = {
  q: 'ada',
  state: 'conflict',
  finding: 'good',
  scopes: ['openid'],
  lacks: ['/read-limited'],
  expiringWithin: 24,
  connectedFrom: '2020-01-01',
  connectedTo: '2020-01-02',
  withdrawnSince: '2020-01-03',
  checkedFrom: '2020-01-04',
  checkedBefore: '2020-01-05',
  department: 'Physics',
  localId: 'u0001',
  sort: 'withdrew',
  columns: ['department'],
  cursor: { sort: 'withdrew', go: 'next', key: null, id: '5c3a3a0e-1f63-4b0e-9f27-0d3a9f5f8a11', from: 50 },
}

describe('the filters of the staff list', () => {
  test('any filters survive the way into a URL and back', () => {
    fc.assert(
      fc.property(filters, (wanted) => {
        const url = new URL(`http://localhost/staff/researchers?${toSearchParams(wanted)}`)
        expect(parseListFilters(url.searchParams)).toEqual({ filters: wanted, notices: [] })
        const record = Object.fromEntries(
          [...url.searchParams.keys()].map((key) => [key, url.searchParams.getAll(key)]),
        )
        expect(parseListFilters(record)).toEqual({ filters: wanted, notices: [] })
      }),
    )
  })

  test('no URL at all makes parsing fail, and what it gives is a URL again', () => {
    const anything = fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.string({ unit: 'binary' })))
    const names = [...new Set(toSearchParams(everyFilter).keys())]
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), anything), (params) => {
        const { filters: parsed } = parseListFilters(params)
        expect(parseListFilters(toSearchParams(parsed))).toEqual({ filters: parsed, notices: [] })
      }),
    )
  })

  test('have the names in the address under which people keep them', () => {
    expect([...toSearchParams(everyFilter).keys()]).toEqual([
      'q',
      'state',
      'finding',
      'scope',
      'lacks',
      'expiring-within',
      'connected-from',
      'connected-to',
      'withdrawn-since',
      'checked-from',
      'checked-before',
      'department',
      'local-id',
      'sort',
      'show',
      'cursor',
    ])
  })

  test('nothing asked for is the default list without a notice', () => {
    expect(parseListFilters({})).toEqual({ filters: noFilters, notices: [] })
    expect(isFiltered(noFilters)).toBe(false)
  })

  test('fields that a form left empty are absent', () => {
    const sent = new URLSearchParams('q=&state=&scope=&scope=&sort=&cursor=&connected-from=')
    expect(parseListFilters(sent)).toEqual({ filters: noFilters, notices: [] })
  })

  test.each([
    ['q', 'a\0b'],
    ['q', 'x'.repeat(10_240)],
    ['q', '\ud800'],
    ['state', 'Connected'],
    ['state', 'constructor'],
    ['scope', '/read-limitless'],
    ['scope', '%2Fread-limited%zz'],
    ['sort', 'id'],
    ['sort', 'name; drop table researcher'],
    ['connected-from', '2026-02-30'],
    ['connected-to', '0000-01-01'],
    ['expiring-within', '0'],
    ['expiring-within', '1e3'],
    ['checked-from', '20260101'],
    ['checked-before', '1'],
    ['department', 'a\0b'],
    ['local-id', 'x'.repeat(201)],
    ['withdrawn-since', 'yesterday'],
    ['cursor', 'x'.repeat(10_240)],
    ['cursor', '%E0%A4%A'],
    ['cursor', Buffer.from('{"sort":"name"}').toString('base64url')],
  ])('a %s that is not one of ours counts as absent, and is named', (parameter, value) => {
    expect(parseListFilters({ [parameter]: value })).toEqual({ filters: noFilters, notices: [parameter] })
  })

  test('of a repeated parameter the first counts, and it is named', () => {
    const { filters: parsed, notices } = parseListFilters(new URLSearchParams('state=expired&state=connected&q=a&q=b'))
    expect(parsed).toEqual({ ...noFilters, q: 'a', state: 'expired' })
    expect(notices.sort()).toEqual(['q', 'state'])
  })

  test('scopes are a set, and those we do not know fall out of it', () => {
    const sent = new URLSearchParams('scope=openid&scope=/read-limited&scope=openid&scope=/nothing')
    expect(parseListFilters(sent)).toEqual({
      filters: { ...noFilters, scopes: ['/read-limited', 'openid'] },
      notices: ['scope'],
    })
  })

  test.each([
    { key: '0000-01-01T00:00:00.000Z' },
    { key: 'yesterday' },
    { id: 'nobody' },
    { from: -1 },
    { from: 0.5 },
    { go: 'sideways' },
    { more: true },
  ])('a cursor with %o in it counts as absent', (change) => {
    const good = { sort: '-connected', go: 'next', key: null, id: '5c3a3a0e-1f63-4b0e-9f27-0d3a9f5f8a11', from: 50 }
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    expect(parseListFilters({ cursor: encode(good) }).filters.cursor).toEqual(good)
    expect(parseListFilters({ cursor: encode({ ...good, ...change }) })).toEqual({
      filters: noFilters,
      notices: ['cursor'],
    })
  })

  test.each([
    [{}, '-connected'],
    [{ state: 'withdrawn' }, '-withdrew'],
    [{ finding: 'withdrawn-at-orcid' }, '-withdrew'],
    [{ 'withdrawn-since': '2026-01-02', sort: 'name' }, 'name'],
    [{ state: 'identity-only', sort: '-connected' }, 'name'],
    [{ state: 'withdrawn', sort: 'expires' }, '-withdrew'],
    [{ state: 'expired', sort: 'checked' }, '-connected'],
    [{ state: 'connected', sort: 'withdrew' }, '-connected'],
  ])('%o leads to an order in which all who are meant have a place: %s', (params, sort) => {
    const { filters: parsed, notices } = parseListFilters(params)
    expect(sortOf(parsed)).toBe(sort)
    expect(notices).toEqual([])
  })

  test('a cursor of another sort counts as absent', () => {
    const made = toSearchParams({
      ...noFilters,
      cursor: { sort: '-connected', go: 'next', key: null, id: '5c3a3a0e-1f63-4b0e-9f27-0d3a9f5f8a11', from: 50 },
    })
    made.set('sort', 'name')
    expect(parseListFilters(made)).toEqual({ filters: { ...noFilters, sort: 'name' }, notices: ['cursor'] })
  })
})
