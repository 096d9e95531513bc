import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { system } from '@/lib/actor'
import { daysAgo, toDay } from '@/lib/config/day'
import { closePool, db, inTransaction } from '@/lib/db'
import { listDayFigures, writeDailyFigures } from '@/lib/figures/daily'
import { listPeriods, toGrowth } from '@/lib/figures/period'
import { withdrawMyGrants } from '@/lib/grants/commands'
import { endGrant, lockGrant, reviveGrant } from '@/lib/grants/ending'
import { saveGrant, sealGrant } from '@/lib/grants/saving'
import { prepareInstallation } from '@/lib/installation/commands'
import { setInstitutionDetails } from '@/lib/people/commands'
import { lockAuthenticatedResearcher } from '@/lib/researchers/commands'
import { applyRetention } from '@/lib/retention/commands'
import { eraseResearcher } from '@/lib/retention/erasing'
import { seed } from '@/prisma/seed'
import { makeResearcherActor, makeStaffActor } from '@/tests/support/actors'
import type { TestDatabase } from '@/tests/support/database'
import { useOwnDatabase } from '@/tests/support/researchers'

const actor = makeStaffActor({ role: 'admin' })
const dayMs = 86_400_000
// Its days begin at 18:15 in UTC.
const timeZone = 'Asia/Kathmandu'
const startOf = (day: Date) => day.getTime() - 5.75 * 3_600_000
const now = new Date()
const identity = ['openid', '/authenticate', '/read-public']
let database: TestDatabase

beforeAll(async () => {
  database = await useOwnDatabase()
  Object.assign(process.env, { LOG_LEVEL: 'silent', INSTITUTION_TIME_ZONE: timeZone })
  await prepareInstallation()
  await seed(database.url, { researchers: 90, seed: 11, now, timeZone, events: false })
})

afterAll(async () => {
  await closePool()
  await database.drop()
})

const listFigures = () =>
  db().dailyFigure.findMany({ orderBy: [{ day: 'asc' }, { figure: 'asc' }, { dimension: 'asc' }] })

/** What the curve of the overview shows of the periods that are over. */
async function listPast() {
  const [first, ...periods] = listPeriods('month', toDay(now))
  const figures = await listDayFigures(actor, first?.from ?? '')
  return toGrowth([...(first ? [first] : []), ...periods], figures, 0).slice(0, -1)
}

const listBeginnings = async () => {
  const rows = await db().researcher.findMany({ select: { id: true, firstConnectedAt: true } })
  return new Map(rows.map(({ id, firstConnectedAt }) => [id, firstConnectedAt?.toISOString()]))
}

test('a day’s figures are those of the grants at its end, however often somebody connected again', async () => {
  const grants = await db().grant.findMany()
  const permissions = grants.filter(({ scopes }) => scopes.some((scope) => !identity.includes(scope)))
  const figures = await listFigures()
  for (const { day, value } of figures.filter(({ figure }) => figure === 'connected').filter((_, n) => n % 9 === 0)) {
    const end = startOf(day) + dayMs
    const then = permissions.filter(
      ({ grantedAt, endedAt }) => grantedAt.getTime() < end && (!endedAt || endedAt.getTime() >= end),
    )
    expect(value, day.toISOString()).toBe(new Set(then.map(({ researcherId }) => researcherId)).size)
  }
  const count = (name: string) => figures.reduce((sum, { figure, value }) => (figure === name ? sum + value : sum), 0)
  const today = new Date(startOf(new Date(toDay(now))))
  expect(count('first_connected')).toBe(await db().researcher.count({ where: { firstConnectedAt: { lt: today } } }))
  expect(count('withdrew')).toBe(await db().researcher.count({ where: { withdrewAt: { lt: today } } }))
})

test('the database refuses to change or delete a past figure', async () => {
  await expect(db().$executeRaw`update daily_figure set value = value + 1`).rejects.toThrow('append-only')
  await expect(db().$executeRaw`delete from daily_figure`).rejects.toThrow('append-only')
})

type Person = { id: string; orcid: string; name: string | null }

/** Somebody comes back from ORCID with a grant. */
function connectAgain({ orcid, name }: Person, scopes: string[]): Promise<unknown> {
  return inTransaction(async (tx) => {
    const { id } = await lockAuthenticatedResearcher(tx, { orcid, name })
    const attempt = { id: randomUUID(), clientId: 'APP-TEST' }
    const kind = { purpose: 'connect', registry: 'local', redirectUri: '', locale: 'en' } as const
    const hashes = { reference: attempt.id, secretHash: randomUUID(), stateHash: randomUUID() }
    await tx.authorizationAttempt.create({
      data: { ...attempt, ...kind, ...hashes, expiresAt: now, researcherId: id },
    })
    const tokens = { accessToken: randomUUID(), refreshToken: null, expiresInS: 631_138_518, raw: {} }
    const grant = await sealGrant(attempt, { ...tokens, orcid, name, scopes } as Parameters<typeof sealGrant>[1])
    const visit = { reference: attempt.id, purpose: 'connect', campaign: null, asked: scopes, shownText: null } as const
    await saveGrant(tx, { id, orcid }, grant, visit, 'test')
  })
}

/** ORCID ends somebody's grant, or takes that back. */
async function hearFromOrcid({ id }: Person): Promise<void> {
  const last = await db().grant.findFirst({
    where: { researcherId: id, sealedAccessToken: { not: null } },
    orderBy: { grantedAt: 'desc' },
  })
  if (!last) return
  await inTransaction(async (tx) => {
    const grant = await lockGrant(tx, last.id)
    if (grant?.isLive) await endGrant(tx, system, grant, { state: 'withdrawn_at_orcid' })
    else if (grant) await reviveGrant(tx, system, grant, now)
  })
}

const events: Record<string, (person: Person) => Promise<unknown>> = {
  'connects again': (person) => connectAgain(person, ['/activities/update', '/read-limited', 'openid']),
  'connects with less': (person) => connectAgain(person, ['/read-limited', 'openid']),
  'signs in': (person) => connectAgain(person, ['openid']),
  withdraws: ({ id, orcid }) => withdrawMyGrants(makeResearcherActor({ researcherId: id, orcid })),
  'is heard of from ORCID': hearFromOrcid,
  'is erased': ({ id }) => eraseResearcher(actor, id, 'asked'),
  'moves to another department': ({ id }) =>
    setInstitutionDetails(actor, id, { department: randomUUID(), localId: null }),
  'is met by retention': () => applyRetention(),
}

describe('whatever happens later', () => {
  test('no past figure changes, nor when anybody first connected', async () => {
    const [figures, past, beginnings] = [await listFigures(), await listPast(), await listBeginnings()]
    const names = Object.keys(events)
    const happening = fc.record({ what: fc.constantFrom(...names), who: fc.nat() })
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 8 }), async (happenings) => {
        for (const { what, who } of happenings) {
          const people = await db().researcher.findMany({ orderBy: { id: 'asc' } })
          const person = people[who % people.length]
          if (person) await events[what]?.(person)
          await writeDailyFigures(now)
        }
        expect(await listFigures()).toEqual(figures)
        expect(await listPast()).toEqual(past)
        for (const [id, began] of await listBeginnings()) {
          if (beginnings.get(id)) expect(began).toBe(beginnings.get(id))
        }
      }),
      { numRuns: 25 },
    )
  })

  test('the next day is written once, from how things stood at its end, and then stays too', async () => {
    const tomorrow = new Date(now.getTime() + dayMs)
    await writeDailyFigures(tomorrow)
    const written = await listFigures()
    const today = written.filter(({ day }) => day.toISOString().slice(0, 10) === daysAgo(1, tomorrow))
    const connected = today.find(({ figure }) => figure === 'connected')?.value
    expect(connected).toBe(await db().researcher.count({ where: { state: 'connected' } }))
    const [person] = await db().researcher.findMany({ where: { state: 'connected' }, take: 1 })
    if (person) await events.withdraws?.(person)
    await writeDailyFigures(tomorrow)
    expect(await listFigures()).toEqual(written)
  })
})
