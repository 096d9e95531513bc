import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import type { RegistryClient } from './clients'
import type { FaultBoard } from './faults'
import type { Person } from './people'
import type { Store } from './store'

/** What every handler is given: there is no global state, so that tests can run several registries in one process. */
export type Registry = {
  issuer: string
  clients: readonly RegistryClient[]
  store: Store
  faults: FaultBoard
  /** Who has an iD here: those of people.json, and those that a test has brought along. */
  people: readonly Person[]
  /** Milliseconds since 1970; replaced in tests of what grows old. */
  now: () => number
  /** ORCID's older server accepted an exchange without `redirect_uri`; true refuses it. */
  strictRedirectUri: boolean
}

export type RegistryBindings = { Bindings: HttpBindings }
export type RegistryContext = Context<RegistryBindings>

export function nowS(registry: Registry): number {
  return Math.floor(registry.now() / 1000)
}

export async function readForm(c: RegistryContext): Promise<URLSearchParams> {
  return new URLSearchParams(await c.req.text())
}
