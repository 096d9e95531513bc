import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { daysAgo } from '@/lib/config/day'
import { closePool, db, inTransaction } from '@/lib/db'
import { coversScopes } from '@/lib/orcid/scopes'
import { listResearchers, pageSize } from '@/lib/researchers/queries'
import type { ShownResearcher } from '@/lib/researchers/rows'
import { fetchRows } from '@/lib/researchers/rows'
import {
  type ListFilters,
  listSorts,
  noDepartment,
  noFilters,
  parseListFilters,
  toSearchParams,
} from '@/lib/researchers/schema'
import { makeStaffActor } from '@/tests/support/actors'
import type { TestDatabase } from '@/tests/support/database'
import { makeResearchers, useOwnDatabase } from '@/tests/support/researchers'
import { saveResearchers } from '@/tests/support/saved-researchers'

const actor = makeStaffActor()
let database: TestDatabase
let everybody: ShownResearcher[]
let due: Set<string>

beforeAll(async () => {
  database = await useOwnDatabase()
  await saveResearchers(makeResearchers(211))
  // Some have come back since.
  const back = { state: 'connected', person: { department: 'Chemistry' } } as const
  await db().researcher.updateMany({ where: back, data: { withdrewAt: new Date(Number(now) - 86_400_000) } })
  everybody = await listAll(noFilters)
  due = new Set(await addGrants())
})

afterAll(async () => {
  await closePool()
  await database.drop()
})

/** Grants for some: not all are live, have a token, or are due. Gives those about whom ORCID is to be asked now. */
async function addGrants(): Promise<string[]> {
  const given = { registry: 'local', clientId: 'APP-TEST', grantedAt: now } as const
  const rows = everybody
    .filter(isLive)
    .slice(0, 60)
    .map(({ id, liveScopes }, n) => {
      const attempt = { id: randomUUID(), reference: `DUE-${n}`, secretHash: `secret-${n}`, stateHash: `state-${n}` }
      const grant = {
        ...{ ...given, researcherId: id, attemptId: attempt.id, scopes: liveScopes, accessTokenHash: `token-${n}` },
        state: n % 5 === 0 ? ('superseded' as const) : ('live' as const),
        sealedAccessToken: n % 7 === 0 ? null : 'sealed',
        nextCheckAt: new Date(Number(now) + (n % 2 === 0 ? 1 : -1) * 3_600_000),
        expiresAt: new Date(Number(now) + (n % 11 === 0 ? -1 : 1) * 3_600_000),
      }
      return { attempt, grant, isDue: n % 5 !== 0 && n % 7 !== 0 && n % 2 !== 0 && n % 11 !== 0 }
    })
  const kind = {
    purpose: 'connect',
    registry: 'local',
    clientId: 'APP-TEST',
    redirectUri: '',
    locale: 'en',
  } as const
  await db().authorizationAttempt.createMany({
    data: rows.map(({ attempt }) => ({ ...kind, ...attempt, expiresAt: now })),
  })
  await db().grant.createMany({ data: rows.map(({ grant }) => grant) })
  return rows.filter(({ isDue }) => isDue).map(({ grant }) => grant.researcherId)
}

async function listAll(filters: ListFilters): Promise<ShownResearcher[]> {
  const page = await listResearchers(actor, filters)
  return page.next ? [...page.rows, ...(await listAll({ ...filters, cursor: page.next }))] : page.rows
}

type Row = ShownResearcher
const now = new Date()
const dayOf = (at: Date | null) => at?.toISOString().slice(0, 10)
const inMonths = (months: number) => new Date(new Date(now).setUTCMonth(now.getUTCMonth() + months))
const isLive = ({ state }: Row) => state === 'connected' || state === 'identity_only'
const endsBefore = (moment: Date) => (row: Row) => row.state === 'connected' && Number(row.expiresAt) < Number(moment)
const lacks = (scopes: string[]) => (row: Row) => row.state === 'connected' && !coversScopes(row.liveScopes, scopes)
const [ago20, ago40] = [daysAgo(20, now, 'UTC'), daysAgo(40, now, 'UTC')]

// Each filter with what it means, worked out from the rows themselves.
const meanings: [Partial<ListFilters>, (row: Row) => boolean][] = [
  [{ q: 'ADA' }, ({ name }) => name?.toLowerCase() === 'ada'],
  [{ q: 'otzi' }, ({ name }) => name === 'Ötzi'],
  [{ q: 'a' }, ({ name }) => /^a/i.test(name ?? '')],
  [{ q: '100' }, (row) => [row.name, row.orcid, row.localId].some((text) => text?.includes('100'))],
  [{ q: 'u2' }, ({ localId }) => localId?.startsWith('u2') ?? false],
  [{ q: '-8603' }, ({ orcid }) => orcid.includes('-8603')],
  [{ state: 'connected' }, ({ state }) => state === 'connected'],
  [{ state: 'identity-only' }, ({ state }) => state === 'identity_only'],
  [{ state: 'withdrawn' }, ({ state }) => state === 'withdrawn'],
  [{ state: 'withdrawn-here' }, ({ state, finding }) => state === 'withdrawn' && finding === null],
  [{ state: 'withdrawn-at-orcid' }, ({ state, finding }) => state === 'withdrawn' && finding === 'withdrawn_at_orcid'],
  [{ state: 'expiring' }, endsBefore(inMonths(24))],
  [{ state: 'expired' }, ({ state }) => state === 'expired'],
  [{ state: 'deprecated' }, ({ finding }) => finding === 'record_deprecated'],
  [{ state: 'deactivated' }, ({ finding }) => finding === 'record_deactivated'],
  [{ state: 'locked' }, ({ finding }) => finding === 'record_locked'],
  [{ state: 'conflict' }, ({ finding }) => finding === 'wrong_record'],
  [{ finding: 'good' }, ({ finding }) => finding === 'good'],
  [{ finding: 'unchecked' }, (row) => isLive(row) && row.finding === null],
  [{ finding: 'unanswered' }, ({ unansweredSince }) => unansweredSince !== null],
  [{ finding: 'wrong-record' }, ({ finding }) => finding === 'wrong_record'],
  [{ finding: 'due' }, ({ id }) => due.has(id)],
  [{ finding: 'insufficient' }, ({ finding }) => finding === 'insufficient'],
  [{ scopes: ['/read-limited'] }, ({ liveScopes }) => liveScopes.includes('/read-limited')],
  [{ scopes: ['openid'] }, ({ liveScopes }) => liveScopes.includes('openid')],
  [{ lacks: ['/person/update'] }, lacks(['/person/update'])],
  [{ lacks: ['/activities/update', '/read-limited'] }, lacks(['/activities/update', '/read-limited'])],
  [{ expiringWithin: 13 }, endsBefore(inMonths(13))],
  [{ connectedFrom: ago40 }, ({ firstConnectedAt }) => (dayOf(firstConnectedAt) ?? '') >= ago40],
  [{ connectedTo: ago20 }, ({ firstConnectedAt }) => (dayOf(firstConnectedAt) ?? '9') <= ago20],
  [
    { withdrawnSince: daysAgo(5, now, 'UTC') },
    ({ state, withdrewAt }) => state === 'withdrawn' && (dayOf(withdrewAt) ?? '') >= daysAgo(5, now, 'UTC'),
  ],
  [{ checkedFrom: ago20 }, (row) => isLive(row) && (dayOf(row.lastCheckedAt) ?? '') >= ago20],
  [{ checkedBefore: ago20 }, (row) => isLive(row) && (dayOf(row.lastCheckedAt) ?? '9') < ago20],
  [{ department: 'Chemistry' }, ({ department }) => department === 'Chemistry'],
  [{ department: noDepartment }, ({ department }) => department === null],
  [{ localId: 'u21' }, ({ localId }) => localId === 'u21'],
]

const orcids = (rows: Row[]) => rows.map(({ orcid }) => orcid).sort()

describe('the list shows exactly those whom the filters mean', () => {
  test.each(['´', '`', 'https://orcid.org/', '´ ´'])(
    'nobody for %s, of which nothing is left to search for',
    async (q) => {
      expect(await listAll({ ...noFilters, q })).toEqual([])
    },
  )

  test.each(meanings)('%o', async (filter, isMeant) => {
    const meant = everybody.filter(isMeant)
    expect(meant.length).toBeGreaterThan(0)
    expect(meant.length).toBeLessThan(everybody.length)
    expect(orcids(await listAll({ ...noFilters, ...filter }))).toEqual(orcids(meant))
  })

  test.each(meanings)('%o in the same order when few are sorted and when an order is walked', async (filter) => {
    for (const sort of listSorts) {
      const wanted = { filters: { ...noFilters, ...filter, sort }, from: null, limit: 1_000 }
      const read = (areFew: boolean) => inTransaction((tx) => fetchRows(tx, { ...wanted, actor, areFew }))
      expect(await read(false)).toEqual(await read(true))
    }
  })

  test('when several are combined', async () => {
    const several = fc.uniqueArray(fc.constantFrom(...meanings), { minLength: 2, maxLength: 3 })
    const check = async (chosen: typeof meanings) => {
      const combined = Object.assign({ ...noFilters }, ...chosen.map(([filter]) => filter))
      // Of two that fill the same field the last one counts.
      const counting = chosen.filter(([filter]) =>
        Object.entries(filter).every(([name, value]) => combined[name] === value),
      )
      const { filters } = parseListFilters(toSearchParams(combined))
      const meant = everybody.filter((row) => counting.every(([, isMeant]) => isMeant(row)))
      expect(orcids(await listAll(filters))).toEqual(orcids(meant))
    }
    await fc.assert(fc.asyncProperty(several, check), { numRuns: 150 })
  })

  test('everybody is there without filters', async () => {
    expect(everybody.length).toBe(await db().researcher.count())
    expect(everybody.length).toBeGreaterThan(4 * pageSize)
  })
})
