import { afterAll, beforeAll, beforeEach } from 'vitest'
import { type RegistryOptions, type RunningRegistry, startRegistry } from '@/registry/server'
import { testSigningKey } from '@/tests/support/signing-key'

export const ADA = '0000-0099-9458-0735'
export const PETRA_PRIVATE = '0000-0099-9722-0030'
export const NAMELESS = '0000-0099-6224-1544'
export const CALLBACK = 'https://portal.example.org/cb'

export const MEMBER = {
  id: 'APP-MEMBER0000000001',
  secret: 'member+secret:with %signs',
  name: 'University of Trial',
  description: 'A university that exists in tests.',
  redirectUris: [CALLBACK],
  kind: 'member' as const,
}

export const PUBLIC = { ...MEMBER, id: 'APP-PUBLIC0000000001', name: 'Public Trial', kind: 'public' as const }

export type Trial = { readonly url: string; passS(seconds: number): void }

/** One registry for a file of tests, without memory and faults before each of them, and with a clock that can be put forward. */
export function setUpRegistry(options: Partial<RegistryOptions> = {}): Trial {
  let running: RunningRegistry | null = null
  let aheadMs = 0
  beforeAll(async () => {
    running = await startRegistry({
      port: 0,
      clients: [MEMBER, PUBLIC],
      now: () => Date.now() + aheadMs,
      signingKey: await testSigningKey(),
      ...options,
    })
  })
  afterAll(() => running?.close())
  const trial = {
    get url() {
      if (!running) throw new Error('The registry has not been started.')
      return running.url
    },
    passS(seconds: number) {
      aheadMs += seconds * 1000
    },
  }
  beforeEach(async () => {
    aheadMs = 0
    await fetch(`${trial.url}/_admin/state`, { method: 'DELETE' })
    await fetch(`${trial.url}/_admin/faults`, { method: 'DELETE' })
  })
  return trial
}

export async function control(
  trial: Pick<Trial, 'url'>,
  method: string,
  path: string,
  body?: object,
): Promise<Response> {
  return fetch(`${trial.url}/_admin/${path}`, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
}

export async function addFault(trial: Trial, fault: Record<string, unknown>): Promise<Response> {
  return control(trial, 'POST', 'faults', fault)
}

type AdminState = {
  tokenRequests: { grantType: string | null; code: string | null; outcome: string; fault: string | null }[]
  revokeRequests: { token: string | null; outcome: string }[]
  userinfoRequests: { token: string | null; outcome: string }[]
  tokens: {
    accessToken: string
    refreshToken: string
    scopes: string[]
    live: boolean
    revokedBecause: string | null
  }[]
}

export async function readAdminState(trial: Trial): Promise<AdminState> {
  return (await fetch(`${trial.url}/_admin/state`)).json()
}
