import { buildPortalWithPages } from '@/bench/builds'
import { seed } from '@/prisma/seed'
import { createTestDatabase } from '@/tests/support/database'
import { connect } from '@/tests/support/journey'
import { startPortal } from '@/tests/support/portal'
import { startTestRegistry } from '@/tests/support/registry'
import { Visitor } from '@/tests/support/visitor'

const administrator = '0000-0002-1825-0097'

/** A portal with this many researchers, and an administrator who is signed in there. */
export type SizedPortal = {
  size: number
  url: string
  databaseUrl: string
  get(path: string): Promise<string>
}

/** Seeds a database for each size and starts the same build on each, all at once on one PostgreSQL. */
export async function startPortals(sizes: readonly number[]) {
  const standalone = buildPortalWithPages()
  const registry = await startTestRegistry()
  const ends: (() => Promise<void>)[] = [() => registry.close()]
  const stop = async () => {
    for (const end of ends.reverse()) await end()
  }
  const portals: SizedPortal[] = []
  try {
    for (const size of sizes) {
      const database = await createTestDatabase()
      ends.push(() => database.drop())
      console.log(`Seeding ${size} researchers`)
      // Ten events a person are ten million at the largest size, and all sizes are to be alike.
      await seed(database.url, { researchers: size, events: false })
      const env = { STAFF_ADMINS: administrator }
      const portal = await startPortal({ databaseUrl: database.portalUrl, registry, env, standalone })
      ends.push(() => portal.stop())
      const { visitor } = await connect({ portal, registry }, { orcid: administrator, purpose: 'sign-in' })
      portals.push({
        size,
        url: portal.url,
        databaseUrl: database.url,
        get: (path) => read(visitor, portal.url + path),
      })
    }
    return { portals, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** As `SizedPortal.get`, for somebody who is not signed in. */
export const readAsStranger = (url: string) => read(new Visitor(), url)

async function read(visitor: Visitor, url: string): Promise<string> {
  const { status, body } = await visitor.get(url)
  visitor.received.length = 0
  if (status !== 200) throw new Error(`${url} answered ${status}`)
  return body
}
