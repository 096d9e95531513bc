import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import type { RegistryClient } from './clients'
import type { FaultBoard } from './faults'
import type { Limiter } from './limiter'
import type { Person } from './people'
import type { Store } from './store'

/** Passed to every handler. There is no global state, so that tests can run several registries in one process. */
export type Registry = {
  issuer: string
  clients: readonly RegistryClient[]
  store: Store
  faults: FaultBoard
  /** The people of people.json and those that a test has added. */
  people: ReadonlyMap<string, Person>
  /** Milliseconds since 1970; tests of expiry replace it. */
  now: () => number
  /** True refuses an exchange without `redirect_uri`, which ORCID's older server accepted. */
  strictRedirectUri: boolean
  /** Tests change these at run time. */
  settings: Settings
  limiter: Limiter
  apiRequests: ApiRequest[]
}

export type Settings = {
  /**
   * True: a refresh loses `revoke_old` and `expires_in`, as in ORCID's current proxy. False: as documented.
   */
  dropsRefreshParams: boolean
  /** A page of ORCID's own follows the consent page, after the code was issued. */
  interstitial: boolean
  codeLifetimeS: number
}

/** A request to the record API, kept in memory for tests. */
export type ApiRequest = {
  at: string
  method: string
  path: string
  clientId: string | null
  /** Null if a fault prevented processing. 503 with `limited` comes from the limiter. */
  status: number | null
  limited: boolean
  fault: string | null
}

export type RegistryBindings = { Bindings: HttpBindings }
export type RegistryContext = Context<RegistryBindings>

export function nowS(registry: Registry): number {
  return Math.floor(registry.now() / 1000)
}

/** The bearer token of the header; ignores the case of "Bearer". */
export function readBearerHeader(c: RegistryContext): string | null {
  return /^bearer\s+(\S+)$/i.exec(c.req.header('Authorization') ?? '')?.[1] ?? null
}

export async function readForm(c: RegistryContext): Promise<URLSearchParams> {
  return new URLSearchParams(await c.req.text())
}
