import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import type { RegistryClient } from './clients'
import type { FaultBoard } from './faults'
import type { Limiter } from './limiter'
import type { Person } from './people'
import type { Store } from './store'

/** What every handler is given: there is no global state, so that tests can run several registries in one process. */
export type Registry = {
  issuer: string
  clients: readonly RegistryClient[]
  store: Store
  faults: FaultBoard
  /** Who has an iD here: those of people.json, and those that a test has brought along. */
  people: ReadonlyMap<string, Person>
  /** Milliseconds since 1970; replaced in tests of what grows old. */
  now: () => number
  /** ORCID's older server accepted an exchange without `redirect_uri`; true refuses it. */
  strictRedirectUri: boolean
  /** Tests change them while the registry runs. */
  settings: Settings
  limiter: Limiter
  apiRequests: ApiRequest[]
}

export type Settings = {
  /**
   * True as ORCID's current proxy does it: a refresh loses its `revoke_old` and `expires_in` on the way to the server.
   * False as its documentation says.
   */
  dropsRefreshParams: boolean
  /** Whether a page with a question of ORCID's own follows the consent page, while the code is issued already. */
  interstitial: boolean
  codeLifetimeS: number
}

/** A request to the record API, kept in memory for tests. */
export type ApiRequest = {
  at: string
  method: string
  path: string
  clientId: string | null
  /** What came of it; null when a fault kept it from being processed. 503 with `limited` is the limiter's. */
  status: number | null
  limited: boolean
  fault: string | null
}

export type RegistryBindings = { Bindings: HttpBindings }
export type RegistryContext = Context<RegistryBindings>

export function nowS(registry: Registry): number {
  return Math.floor(registry.now() / 1000)
}

/** The token of the header, or null, whatever the case of "Bearer". */
export function readBearerHeader(c: RegistryContext): string | null {
  return /^bearer\s+(\S+)$/i.exec(c.req.header('Authorization') ?? '')?.[1] ?? null
}

export async function readForm(c: RegistryContext): Promise<URLSearchParams> {
  return new URLSearchParams(await c.req.text())
}
