import type { z } from 'zod'
import type { RegistryClient } from '@/registry/clients'
import type { ApiRequest, Settings } from '@/registry/context'
import type { FaultEndpoint, faultRequestSchema } from '@/registry/faults'
import type { Limit } from '@/registry/limiter'
import type { Person } from '@/registry/people'
import { RECEIVERS } from '@/registry/receivers'
import type { Item } from '@/registry/records/item'
import { startRegistry } from '@/registry/server'
import type { RevokeRequest, Token, TokenRequest, UserinfoRequest } from '@/registry/state'
import { testSigningKey } from '@/tests/support/signing-key'

type Fault = z.input<typeof faultRequestSchema>
/** Which requests meet a fault; `times: 0` with `forMs` or `oneIn` means all that fit. */
export type FaultFilter = Pick<Fault, 'times' | 'token' | 'method' | 'forMs' | 'oneIn'>
export type ForeignAnswer = Pick<Fault, 'status' | 'form' | 'issued'>

export type RegistryState = {
  tokenRequests: TokenRequest[]
  revokeRequests: RevokeRequest[]
  userinfoRequests: UserinfoRequest[]
  tokens: Token[]
}

export type TestRegistry = {
  url: string
  clientId: string
  clientSecret: string
  /** Lets a portal at this origin come back from the registry. */
  admit(origin: string): void
  addFault(fault: Fault): Promise<void>
  /** The API refuses live tokens in the words for a withdrawn one, the next request only unless filtered otherwise. */
  refuseTokens(filter?: FaultFilter): Promise<void>
  /** The API refuses live tokens and says that the authorization server could not be asked. */
  failTokenChecks(filter?: FaultFilter): Promise<void>
  /** Something between the portal and ORCID answers in ORCID's name: 403 with an HTML page unless told otherwise. */
  answerInstead(on: FaultEndpoint, answer?: ForeignAnswer & FaultFilter): Promise<void>
  clearFaults(): Promise<void>
  state(): Promise<RegistryState>
  /** Forgets requests, tokens and sign-ins; keeps people and the signing key. */
  forget(): Promise<void>
  /** A record as its owner sees it, with the items of all sources. */
  record(orcid: string): Promise<RegistryRecord>
  setRecordState(orcid: string, change: RecordChange): Promise<void>
  addItem(orcid: string, item: Partial<Item> & Pick<Item, 'section' | 'content'>): Promise<Item>
  changeItem(
    orcid: string,
    putCode: number,
    change: Partial<Pick<Item, 'visibility' | 'content' | 'source'>>,
  ): Promise<void>
  /** What a person does who deletes an item on the registry's own page. */
  removeItem(orcid: string, putCode: number): Promise<void>
  configure(settings: Partial<Settings> & { limit?: Partial<Limit> }): Promise<void>
  /** What ORCID sets for a client: what it may exchange, and who may exchange its id_tokens. */
  setClient(id: string, change: Pick<RegistryClient, 'exchanges' | 'whitelist'>): Promise<void>
  apiRequests(): Promise<ApiRequest[]>
  close(): Promise<void>
}

export type RegistryRecord = { orcid: string; state: Person['state']; mergedInto: string | null; items: Item[] }
type RecordChange = { state: Person['state']; mergedInto?: string; keepTokens?: boolean }

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
  const receivers = RECEIVERS.map((receiver) => ({ ...receiver }))
  const clients = [described, ...(successor ? [{ ...described, ...successor }] : []), ...receivers]
  const registry = await startRegistry({ port, stateFile, issuer, people, clients, signingKey: await testSigningKey() })
  const direct = issuer ? `http://127.0.0.1:${port}` : registry.url
  const admin = async (method: string, path: string, body?: object) => {
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${direct}/_admin/${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return answer
  }
  const addFault = async (fault: Fault) => void (await admin('POST', 'faults', fault))
  return {
    url: registry.url,
    clientId: client.id,
    clientSecret: client.secret,
    admit: (origin) => redirectUris.push(`${origin}/api/auth/callback/orcid`, `${origin}/connect/from-orcid`),
    addFault,
    refuseTokens: (filter) => addFault({ on: 'api', fault: 'token_refused', ...filter }),
    failTokenChecks: (filter) => addFault({ on: 'api', fault: 'token_unverified', ...filter }),
    answerInstead: (on, answer) => addFault({ on, fault: 'foreign', ...answer }),
    clearFaults: async () => void (await admin('DELETE', 'faults')),
    state: async () => (await admin('GET', 'state')).json() as Promise<RegistryState>,
    forget: async () => void (await admin('DELETE', 'state')),
    record: async (orcid) => (await admin('GET', `records/${orcid}`)).json() as Promise<RegistryRecord>,
    setRecordState: async (orcid, change) => void (await admin('PUT', `records/${orcid}/state`, change)),
    addItem: async (orcid, item) => (await admin('POST', `records/${orcid}/items`, item)).json() as Promise<Item>,
    changeItem: async (orcid, putCode, change) => {
      await admin('PATCH', `records/${orcid}/items/${putCode}`, change)
    },
    removeItem: async (orcid, putCode) => void (await admin('DELETE', `records/${orcid}/items/${putCode}`)),
    configure: async (settings) => void (await admin('PUT', 'settings', settings)),
    setClient: async (id, change) => void (await admin('PATCH', `clients/${id}`, change)),
    apiRequests: async () => (await admin('GET', 'api-requests')).json() as Promise<ApiRequest[]>,
    close: () => registry.close(),
  }
}
