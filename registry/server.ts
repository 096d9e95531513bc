import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { makeApp } from './app'
import type { RegistryClient } from './clients'
import { makeFaultBoard } from './faults'
import type { SigningKey } from './keys'
import { MEMBER_LIMIT, makeLimiter } from './limiter'
import { PEOPLE, type Person } from './people'
import { openStore } from './store'

export type RegistryOptions = {
  /** 0 takes a free one. */
  port: number
  host?: string
  /** Where state and signing key are kept between runs; in memory only when absent. */
  stateFile?: string
  /** What to sign with where no state says so; made when absent. */
  signingKey?: SigningKey
  /** How clients reach the registry, without a trailing slash; the address it listens on when absent. */
  issuer?: string
  clients: readonly RegistryClient[]
  /** More people, for tests that need many. They can sign in, but no page lists them. */
  people?: readonly Person[]
  now?: () => number
  strictRedirectUri?: boolean
  /** False lets a refresh keep its `revoke_old` and `expires_in`, which ORCID's current proxy drops. */
  dropsRefreshParams?: boolean
}

export type RunningRegistry = { url: string; close(): Promise<void> }

/** Starts a registry and resolves once it answers. `url` is its issuer. Rejects when the port is taken or the file is bad. */
export async function startRegistry(options: RegistryOptions): Promise<RunningRegistry> {
  const { host = '127.0.0.1', now = Date.now, strictRedirectUri = true, dropsRefreshParams = true } = options
  const store = await openStore(options.stateFile, options.signingKey)
  const server = createServer()
  const port = await listen(server, options.port, host)
  const issuer = options.issuer ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  const app = makeApp({
    issuer,
    clients: options.clients,
    people: new Map([...PEOPLE, ...(options.people ?? [])].map((person) => [person.orcid, person])),
    store,
    faults: makeFaultBoard(now),
    now,
    strictRedirectUri,
    settings: { dropsRefreshParams, interstitial: false, codeLifetimeS: 600 },
    limiter: makeLimiter(MEMBER_LIMIT),
    apiRequests: [],
  })
  server.on('request', getRequestListener(app.fetch, { overrideGlobalObjects: false }))
  return {
    url: issuer,
    async close() {
      store.close()
      const closed = once(server, 'close')
      server.close()
      // A slow answer must not keep the process alive.
      server.closeAllConnections()
      await closed
      store.close()
    },
  }
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  server.listen(port, host)
  await once(server, 'listening')
  return toAddress(server.address()).port
}

function toAddress(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('The registry does not listen on a TCP port.')
  return address
}
