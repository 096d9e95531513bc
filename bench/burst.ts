import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { startInstantOrcid } from '@/bench/instant-orcid'
import { median } from '@/bench/timing'
import { makeSeededOrcid } from '@/prisma/seed-numbers'
import { createTestDatabase } from '@/tests/support/database'
import { startPortal } from '@/tests/support/portal'
import { Visitor } from '@/tests/support/visitor'

export type BurstFigures = {
  people: number
  withinS: number
  /** Callbacks that did not end as “connected”. */
  errors: number
  /** People without a live grant afterwards. */
  lost: number
  callbackMedianMs: number
  callbackP95Ms: number
  /** A page of the list, before and meanwhile. */
  staffPageMs: number
  staffPageMeanwhileMs: number
}

const withinMs = 60_000
const pausesMs = 500

/** So many people come from one address within a minute, as after a mail, and connect; ORCID answers at once. */
export async function connectManyAtOnce(people: number): Promise<BurstFigures> {
  const orcid = await startInstantOrcid()
  const database = await createTestDatabase()
  // The first who comes back is the first of the seeded iDs.
  const env = { STAFF_ADMINS: makeSeededOrcid(0) }
  const portal = await startPortal({ databaseUrl: database.portalUrl, registry: orcid, env })
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    const staff = new Visitor()
    await connect(portal.url, staff)
    const look = async () => {
      const startedAt = performance.now()
      const { status, location } = await staff.get(`${portal.url}/staff/people`)
      if (status !== 200) throw new Error(`The list answered ${status} ${location}`)
      return performance.now() - startedAt
    }
    for (let round = 0; round < 10; round++) await look()
    const usual: number[] = []
    for (let round = 0; round < 20; round++) usual.push(await look())

    const callbacks: number[] = []
    let errors = 0
    const one = async (index: number) => {
      await sleep((index * withinMs) / people)
      const came = await connect(portal.url, new Visitor()).catch(() => null)
      if (came?.isConnected) callbacks.push(came.callbackMs)
      else errors += 1
    }
    let isOver = false
    const meanwhile: number[] = []
    const looking = (async () => {
      while (!isOver) {
        meanwhile.push(await look())
        await sleep(pausesMs)
      }
    })()
    const startedAt = Date.now()
    await Promise.all(Array.from({ length: people }, (_, index) => one(index)))
    const withinS = (Date.now() - startedAt) / 1_000
    isOver = true
    await looking
    const { rows } = await client.query(`select count(*)::int as count from "grant" where state = 'live'`)
    const sorted = callbacks.sort((a, b) => a - b)
    return {
      people,
      withinS,
      errors,
      lost: people + 1 - rows[0].count,
      callbackMedianMs: median(sorted),
      callbackP95Ms: sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN,
      staffPageMs: median(usual),
      staffPageMeanwhileMs: median(meanwhile),
    }
  } finally {
    await client.end()
    await portal.stop()
    await database.drop()
    await orcid.close()
  }
}

async function connect(url: string, visitor: Visitor): Promise<{ callbackMs: number; isConnected: boolean }> {
  const start = await visitor.post(`${url}/connect/start`, [['purpose', 'connect']])
  const back = await visitor.get(start.location ?? '')
  const startedAt = performance.now()
  const { location } = await visitor.get(back.location ?? '')
  return { callbackMs: performance.now() - startedAt, isConnected: location?.includes('/connect/connected') ?? false }
}
