import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { freePort } from '@/scripts/ports'
import { createTestDatabase } from '@/tests/support/database'
import { startPortal, type TestPortal } from '@/tests/support/portal'
import { startTestRegistry, type TestRegistry } from '@/tests/support/registry'
import { Board } from './board'
import { makeDatabaseTap } from './database-tap'
import { inventPeople } from './people'
import { makeRegistryTap } from './registry-tap'
import { startTapProxy, type TapProxy } from './tap-proxy'

const peopleMost = 400

/** A database, a registry and a portal, with a proxy of ours in front of the first two. */
export class Place {
  readonly board = new Board()
  readonly people = inventPeople(peopleMost).map(({ orcid }) => orcid)
  /** The seeds of those who are at it, and of those who were when the portal was killed. */
  readonly underWay = new Set<number>()
  readonly metByKill = new Set<number>()
  kills = 0
  /** When the portal or its database last came back, in milliseconds since 1970. */
  lastAwayMs = 0
  readonly #portals: TestPortal[] = []
  outages = 0
  #awayUntil = 0
  #running: TestPortal | null = null
  #up: Promise<void> = Promise.resolve()
  #isOver = false

  private constructor(
    readonly portal: { url: string },
    readonly registry: TestRegistry,
    /** Around the proxies: what the harness itself asks is not disturbed. */
    readonly client: pg.Pool,
    readonly proxies: { database: TapProxy; registry: TapProxy },
    readonly dropDatabase: () => Promise<void>,
    readonly start: () => Promise<TestPortal>,
  ) {}

  static async make(): Promise<Place> {
    const database = await createTestDatabase()
    const registryPort = await freePort()
    const port = await freePort()
    let place: Place | undefined
    const powers = {
      kill: () => void place?.kill(),
      takeDatabaseAway: (ms: number) => place?.takeDatabaseAway(ms),
      refuseRegistry: (ms: number) => void place?.proxies.registry.refuse(ms),
    }
    const boardOf = () => place?.board ?? new Board()
    const proxies = {
      database: await startTapProxy(Number(new URL(database.url).port), (link) =>
        makeDatabaseTap(link, boardOf(), powers),
      ),
      registry: await startTapProxy(registryPort, (link) => makeRegistryTap(link, boardOf(), powers, () => registry)),
    }
    const registry = await startTestRegistry({
      port: registryPort,
      issuer: `http://127.0.0.1:${proxies.registry.port}`,
      people: inventPeople(peopleMost),
    })
    const databaseUrl = Object.assign(new URL(database.portalUrl), {
      port: String(proxies.database.port),
      hostname: '127.0.0.1',
    }).href
    const start = () => startPortal({ databaseUrl, registry, port, env: { LOG_LEVEL: 'warn' } })
    const client = new pg.Pool({ connectionString: database.url, max: 3, application_name: 'concord fault harness' })
    place = new Place({ url: `http://localhost:${port}` }, registry, client, proxies, database.drop, start)
    place.#up = place.#bringUp()
    await place.#up
    return place
  }

  /** As `kill -9`; the portal is started again at the same address. False when there is nothing to kill just now. */
  kill(): boolean {
    const dead = this.#running
    if (!dead || this.#isOver) return false
    this.#running = null
    this.kills++
    for (const seed of this.underWay) this.metByKill.add(seed)
    const gone = dead.kill()
    this.#up = gone.then(() => this.#bringUp())
    // Whoever waits for it is told; nobody may be waiting.
    this.#up.catch(() => undefined)
    return true
  }

  /** Resolves when a portal is there that answers. */
  whenUp(): Promise<void> {
    return this.#up
  }

  /** Whether the database cannot be reached now. Outages that overlap make one, so it may last. */
  isDatabaseAway(): boolean {
    return Date.now() < this.#awayUntil
  }

  takeDatabaseAway(ms: number): void {
    this.outages++
    this.#awayUntil = Math.max(this.#awayUntil, Date.now() + ms)
    this.proxies.database.down()
    const mayReturn = () => {
      if (this.isDatabaseAway()) return
      this.proxies.database.up()
      this.lastAwayMs = Date.now()
    }
    setTimeout(mayReturn, ms + 1)
  }

  /** What every portal of this place has logged, one after another. */
  get logs(): string {
    return this.#portals.map(({ logs }, index) => `── portal ${index + 1}\n${logs.join('\n')}\n`).join('')
  }

  /** Ends every disturbance and leaves a portal that runs. */
  async calm(): Promise<void> {
    this.#awayUntil = 0
    this.proxies.database.up()
    await this.registry.clearFaults()
    await this.whenUp()
  }

  async close(): Promise<void> {
    this.#isOver = true
    await this.#up.catch(() => undefined)
    await this.#running?.kill()
    await this.client.end()
    await this.proxies.database.close()
    await this.proxies.registry.close()
    await this.registry.close()
    await this.dropDatabase()
  }

  async #bringUp(): Promise<void> {
    for (let tries = 1; !this.#isOver; tries++) {
      try {
        const portal = await this.start()
        if (portal.url !== this.portal.url) throw new Error(`Somebody has taken the portal's port: ${portal.url}`)
        this.#portals.push(portal)
        this.#running = portal
        this.lastAwayMs = Date.now()
        return
      } catch (error) {
        if (tries === 3) throw error
        await sleep(500)
      }
    }
  }
}
