import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { daysAgo } from '@/lib/config/day'
import { closePool, db } from '@/lib/db'
import { writeDailyFigures } from '@/lib/figures/daily'
import { prepareInstallation } from '@/lib/installation/commands'
import { countCoverage, dimensionOf, listCoverageFigures, sumCoverage, toKinds } from '@/lib/people/coverage'
import { findCoverageTrend } from '@/lib/people/coverage-trend'
import { getSummary } from '@/lib/people/summary'
import { makeSeededOrcid } from '@/prisma/seed-numbers'
import { makeStaffActor } from '@/tests/support/actors'
import type { TestDatabase } from '@/tests/support/database'
import { addId, addToRoster, match } from '@/tests/support/people'
import { useOwnDatabase } from '@/tests/support/researchers'

const actor = makeStaffActor({ role: 'viewer' })
const dayMs = 86_400_000
let database: TestDatabase

beforeAll(async () => {
  database = await useOwnDatabase()
  Object.assign(process.env, { LOG_LEVEL: 'silent' })
  await prepareInstallation()
})

beforeEach(async () => {
  await db().affiliation.deleteMany()
  await db().binding.deleteMany()
  await db().person.deleteMany()
  await db().grant.deleteMany()
  await db().researcher.deleteMany()
})

afterAll(async () => {
  await closePool()
  await database.drop()
})

/** Somebody on the roster who connected, with a permission since `grantedAt`. */
async function addConnected(number: number, department: string, grantedAt: Date): Promise<string> {
  const orcid = makeSeededOrcid(number)
  await addToRoster(`hr-${number}`, { department, knownOrcid: orcid, addedAt: grantedAt })
  const researcher = await addId(orcid, null)
  await match(researcher)
  const attempt = { id: randomUUID(), clientId: 'APP-TEST' }
  const kind = { purpose: 'connect', registry: 'local', redirectUri: '', locale: 'en' } as const
  const hashes = { reference: attempt.id, secretHash: randomUUID(), stateHash: randomUUID() }
  await db().authorizationAttempt.create({ data: { ...attempt, ...kind, ...hashes, expiresAt: new Date() } })
  const lasting = { grantedAt, expiresAt: new Date(Date.now() + 3_000 * dayMs), state: 'live' } as const
  await db().grant.create({
    data: {
      ...lasting,
      researcherId: researcher.id,
      attemptId: attempt.id,
      clientId: 'APP-TEST',
      registry: 'local',
      scopes: ['/read-limited', 'openid'],
      accessTokenHash: attempt.id,
    },
  })
  return researcher.id
}

const addMany = async (count: number, from: number, entry: Parameters<typeof addToRoster>[1]) => {
  for (let n = 0; n < count; n++) await addToRoster(`hr-${from + n}`, { name: `Person N${from + n}`, ...entry })
}

describe('coverage', () => {
  test('counts who is on the roster and at the institution, by department and kind, and apart who is on none', async () => {
    await addConnected(1, 'Science / Physics', new Date())
    await addToRoster('hr-2', { department: 'Science', kind: 'student' })
    await addToRoster('hr-3', { state: 'leaving' })
    await addToRoster('hr-4', { state: 'paused' })
    await addToRoster('hr-5', { state: 'left' })
    await addToRoster('hr-6', { confidential: true })
    await addId(makeSeededOrcid(9), 'Nobody of ours')
    const { value } = await countCoverage(actor)
    expect(sumCoverage(value)).toEqual({ people: 3, connected: 1 })
    expect(sumCoverage(value, false)).toEqual({ people: 1, connected: 1 })
    expect(toKinds(value)).toEqual([
      { kind: 'staff', people: 2, connected: 1 },
      { kind: 'student', people: 1, connected: 0 },
    ])
  })

  test('of a day is written once, by kind and by department with all below it, and stays whatever comes later', async () => {
    const tomorrow = new Date(Date.now() + dayMs)
    const researcherId = await addConnected(1, 'Science / Physics', new Date(Date.now() - 3_600_000))
    await addToRoster('hr-2', { department: 'Science', kind: 'student' })
    await writeDailyFigures(tomorrow)
    const dimensions = [
      dimensionOf(null),
      dimensionOf({ kind: 'staff' }),
      dimensionOf({ department: 'Science' }),
      dimensionOf({ department: 'Science / Physics' }),
    ]
    const read = () => listCoverageFigures(actor, dimensions, daysAgo(9, tomorrow))
    const written = await read()
    const day = daysAgo(1, tomorrow)
    expect(written.toSorted((one, other) => (one.dimension < other.dimension ? -1 : 1))).toEqual([
      { dimension: '', day, people: 2, connected: 1 },
      { dimension: 'department/Science', day, people: 2, connected: 1 },
      { dimension: 'department/Science / Physics', day, people: 1, connected: 1 },
      { dimension: 'kind/staff', day, people: 1, connected: 1 },
    ])
    await addToRoster('hr-3', { department: 'Science' })
    await db().grant.updateMany({ where: { researcherId }, data: { state: 'withdrawn_here', endedAt: new Date() } })
    await db().person.updateMany({ where: { localId: 'hr-2' }, data: { department: 'Arts' } })
    await writeDailyFigures(tomorrow)
    expect(await read()).toEqual(written)
  })

  test('changed by as many points as the share of today is above that of 30 days ago, and by none that is known before', async () => {
    const now = new Date()
    const whose = { dimension: 'kind/guest', share: { people: 10, connected: 6 } }
    expect((await findCoverageTrend(actor, whose, now)).change).toBeNull()
    const day = new Date(daysAgo(31, now))
    await db().dailyFigure.createMany({
      data: [
        { day, figure: 'people', dimension: 'kind/guest', value: 8 },
        { day, figure: 'people_connected', dimension: 'kind/guest', value: 2 },
      ],
    })
    const trend = await findCoverageTrend(actor, whose, now)
    expect(trend.change).toBeCloseTo(0.35)
    expect(trend.values.at(-1)).toBeCloseTo(0.6)
  })
})

describe('the summary', () => {
  test('has no name, adds a small department to the one above, and leaves no group of fewer than ten to be found', async () => {
    await addMany(12, 100, { department: 'Science / Physics' })
    await addMany(11, 200, { department: 'Science / Chemistry' })
    await addMany(3, 300, { department: 'Science / Astronomy' })
    await addMany(14, 400, { department: 'Law', kind: 'student' })
    const summary = await getSummary(actor, null)
    // Without Chemistry, the three of Astronomy were those of Science who are in none of the shown departments.
    expect(summary?.units.map(({ path, people }) => [path, people])).toEqual([
      ['Law', 14],
      ['Science', 26],
      ['Science / Physics', 12],
    ])
    expect(summary?.folded).toBe(2)
    expect(summary?.kinds.map(({ kind, people }) => [kind, people])).toEqual([
      ['staff', 26],
      ['student', 14],
    ])
    expect(JSON.stringify(summary)).not.toMatch(/N\d\d\d/)
    expect((await getSummary(actor, 'Science'))?.units.map(({ path }) => path)).toEqual(['Science / Physics'])
    expect((await getSummary(actor, 'Science'))?.kinds).toEqual([])
    expect(await getSummary(actor, 'Science / Astronomy')).toBeNull()
    expect(await getSummary(actor, 'Science / Chemistry')).toBeNull()
  })

  test('is not there for fewer than ten people', async () => {
    await addMany(9, 100, { department: 'Law' })
    expect(await getSummary(actor, null)).toBeNull()
  })
})
