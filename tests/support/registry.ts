import type { z } from 'zod'
import type { faultRequestSchema } from '@/registry/faults'
import type { Person } from '@/registry/people'
import { startRegistry } from '@/registry/server'
import type { RevokeRequest, Token, TokenRequest } from '@/registry/state'

type Fault = z.input<typeof faultRequestSchema>

export type RegistryState = { tokenRequests: TokenRequest[]; revokeRequests: RevokeRequest[]; tokens: Token[] }

export type TestRegistry = {
  url: string
  clientId: string
  clientSecret: string
  /** Lets a portal at this origin come back from the registry. */
  admit(origin: string): void
  addFault(fault: Fault): Promise<void>
  clearFaults(): Promise<void>
  state(): Promise<RegistryState>
  /** Forgets requests, tokens and sign-ins; keeps people and the signing key. */
  forget(): Promise<void>
  close(): Promise<void>
}

type Options = {
  port?: number
  stateFile?: string
  kind?: 'member' | 'public'
  otherSecrets?: string[]
  /** A second client of the institution, for the time after a change of the client id. */
  successor?: { id: string; secret: string }
  /** How the portal and browsers reach it, where something stands in front of it; needs a `port`. */
  issuer?: string
  people?: readonly Person[]
}

/** A registry of one's own in this process, on a free port, with one client. */
export async function startTestRegistry(options: Options = {}): Promise<TestRegistry> {
  const { port = 0, stateFile, kind = 'member', otherSecrets, successor, issuer, people } = options
  const redirectUris: string[] = []
  const client = {
    id: 'APP-TESTCONCORD00001',
    secret: '6f1b2f5e-6d3c-4d0a-9a57-3c1e52d0b7aa',
    redirectUris,
    kind,
    otherSecrets,
  }
  const described = { ...client, name: 'University of Example', description: 'The portal under test.' }
  const clients = [described, ...(successor ? [{ ...described, ...successor }] : [])]
  const registry = await startRegistry({ port, stateFile, issuer, people, clients })
  const direct = issuer ? `http://127.0.0.1:${port}` : registry.url
  const admin = async (method: string, path: string, body?: Fault) => {
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${direct}/_admin/${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return answer
  }
  return {
    url: registry.url,
    clientId: client.id,
    clientSecret: client.secret,
    admit: (origin) => redirectUris.push(`${origin}/api/auth/callback/orcid`),
    addFault: async (fault) => void (await admin('POST', 'faults', fault)),
    clearFaults: async () => void (await admin('DELETE', 'faults')),
    state: async () => (await admin('GET', 'state')).json() as Promise<RegistryState>,
    forget: async () => void (await admin('DELETE', 'state')),
    close: () => registry.close(),
  }
}
