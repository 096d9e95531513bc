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
  /** 0: any free port. */
  port: number
  host?: string
  /** Stores state and signing key; absent: in memory only. */
  stateFile?: string
  /** For new state; absent: a new key. */
  signingKey?: SigningKey
  /** The clients' URL of the registry, without a trailing slash; default: its own address. */
  issuer?: string
  clients: readonly RegistryClient[]
  /** More people, for large tests. They can sign in, but no page lists them. */
  people?: readonly Person[]
  now?: () => number
  strictRedirectUri?: boolean
  /** False keeps `revoke_old` and `expires_in` of a refresh, which ORCID's current proxy drops. */
  dropsRefreshParams?: boolean
}

export type RunningRegistry = { url: string; close(): Promise<void> }

/** Resolves once the registry answers. `url` is its issuer. Rejects if the port is taken or the file is unreadable. */
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
