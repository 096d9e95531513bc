import pg from 'pg'
import { lastingPort } from '@/scripts/ports'
import { createTestDatabase } from '@/tests/support/database'
import { goToOrcid } from '@/tests/support/journey'
import { testSecrets } from '@/tests/support/portal'
import { startTestRegistry, type TestRegistry } from '@/tests/support/registry'
import { Visitor } from '@/tests/support/visitor'
import { Board } from './board'
import { makeDatabaseTap } from './database-tap'
import { inventPeople } from './people'
import { PortalKeeper } from './portal-keeper'
import { makeRegistryTap } from './registry-tap'
import { startTapProxy, type TapProxy } from './tap-proxy'
import { within } from './within'

const peopleMost = 400
/** What the harness asks itself is not disturbed by anything, and answers at once. */
const limits = { connectionTimeoutMillis: 30_000, query_timeout: 60_000 }
const stepWithinS = 120

export const administratorOrcid = inventPeople(peopleMost).at(-1)?.orcid ?? ''

/** A database, a registry and a portal, with a proxy of ours in front of the first two. */
export class Environment {
  readonly board = new Board()
  readonly people = inventPeople(peopleMost).map(({ orcid }) => orcid)
  /** The last of them try the flow at the most; where a batch is large, they connect as well. */
  readonly strangers = this.people.slice(0, -1).reverse()
  /** A browser in which somebody is signed in who may try the flow. */
  readonly administrator = new Visitor()
  /** The seeds of those who are at it, and of those who were when the portal was killed. */
  readonly underWay = new Set<number>()
  readonly metByKill = new Set<number>()
  outages = 0
  #awayUntil = 0
  #lastOutageEndedMs = 0

  private constructor(
    readonly portal: PortalKeeper,
    readonly registry: TestRegistry,
    /** Around the proxies: what the harness itself asks is not disturbed. */
    readonly client: pg.Pool,
    readonly proxies: { database: TapProxy; registry: TapProxy },
    readonly dropDatabase: () => Promise<void>,
  ) {}

  static async make(): Promise<Environment> {
    const database = await createTestDatabase()
    const registryPort = await lastingPort()
    let environment: Environment | undefined
    const powers = {
      kill: () => void environment?.kill(),
      takeDatabaseAway: (ms: number) => environment?.takeDatabaseAway(ms),
      refuseRegistry: (ms: number) => void environment?.proxies.registry.refuse(ms),
    }
    const boardOf = () => environment?.board ?? new Board()
    const proxies = {
      database: await startTapProxy(await lastingPort(), Number(new URL(database.url).port), (link) =>
        makeDatabaseTap(link, boardOf(), powers),
      ),
      registry: await startTapProxy(await lastingPort(), registryPort, (link) =>
        makeRegistryTap(link, boardOf(), powers, () => registry),
      ),
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
    const portal = new PortalKeeper({
      databaseUrl,
      port: await lastingPort(),
      registry,
      secrets: testSecrets,
      // Longer than any passing refusal that is planned, an outage included.
      env: {
        LOG_LEVEL: 'warn',
        CONFIRM_WITHDRAWAL_HOURS: '0.01',
        STAFF_ADMINS: administratorOrcid,
        RATE_LIMITS: 'orcid=100000/100000',
      },
    })
    registry.admit(portal.url)
    const client = new pg.Pool({
      connectionString: database.url,
      max: 3,
      application_name: 'concord fault harness',
      ...limits,
    })
    environment = new Environment(portal, registry, client, proxies, database.drop)
    await portal.start()
    await environment.#signInAdministrator()
    return environment
  }

  async #signInAdministrator(): Promise<void> {
    const callback = await goToOrcid(this, this.administrator, { orcid: administratorOrcid, purpose: 'sign-in' })
    await this.administrator.get(callback)
    const { status } = await this.administrator.get(`${this.portal.url}/staff/try`)
    if (status !== 200) throw new Error(`The administrator is not signed in: ${status}`)
    // Trials take other people to the registry.
    this.administrator.cookies.delete(new URL(this.registry.url).hostname)
    this.board.presented.clear()
  }

  /** As `kill -9`; the portal is started again at the same address. False when there is nothing to kill just now. */
  kill(): boolean {
    if (!this.portal.kill()) return false
    for (const seed of this.underWay) this.metByKill.add(seed)
    return true
  }

  /** Resolves when a portal is there that answers. */
  whenUp(): Promise<void> {
    return this.portal.whenUp()
  }

  /** When the portal or its database last came back, in milliseconds since 1970. */
  get lastAwayMs(): number {
    return Math.max(this.portal.lastUpMs, this.#lastOutageEndedMs)
  }

  /** Whether the database cannot be reached now. Outages that overlap make one, so it may last. */
  isDatabaseUnavailable(): boolean {
    return Date.now() < this.#awayUntil
  }

  takeDatabaseAway(ms: number): void {
    this.outages++
    this.#awayUntil = Math.max(this.#awayUntil, Date.now() + ms)
    this.proxies.database.down()
    const mayReturn = () => {
      // Later than planned where outages overlap; and a timer may be over before the clock says so.
      if (this.isDatabaseUnavailable()) return void setTimeout(mayReturn, this.#awayUntil - Date.now())
      this.proxies.database.up()
      this.#lastOutageEndedMs = Date.now()
    }
    setTimeout(mayReturn, ms)
  }

  /** Ends every disturbance and leaves a portal that runs. */
  async calm(): Promise<void> {
    this.#awayUntil = 0
    this.proxies.database.up()
    await within(stepWithinS, 'the registry to forget its faults', this.registry.clearFaults())
    await this.whenUp()
  }

  /** Lets go of everything, also where something of it does not end; says then what that was. */
  async close(): Promise<void> {
    const steps: Record<string, () => Promise<unknown>> = {
      'the portal': () => this.portal.close(),
      'the connections of the harness': () => this.client.end(),
      'the proxy of the database': () => this.proxies.database.close(),
      'the proxy of the registry': () => this.proxies.registry.close(),
      'the registry': () => this.registry.close(),
      'the database': this.dropDatabase,
    }
    const faults: unknown[] = []
    for (const [what, step] of Object.entries(steps)) {
      await within(stepWithinS, `the end of ${what}`, step(), () => this.portal.describe()).catch((error: unknown) =>
        faults.push(error),
      )
    }
    if (faults.length > 0) throw faults[0]
  }
}
