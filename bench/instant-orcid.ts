import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { makeSeededOrcid } from '@/prisma/seed-numbers'

export type InstantOrcid = {
  url: string
  clientId: string
  clientSecret: string
  /** Any portal may come back; what a registry of the tests is asked to allow. */
  admit(): void
  /** For how long it has been busy with answers since it was last asked, in ms. */
  takeBusyMs(): number
  close(): Promise<void>
}

type AuthorizationQuery = { nonce: string; scope: string; orcid: string }

/** An ORCID in which everybody has signed in and agrees before being asked: each attempt is another person's. */
export async function startInstantOrcid(): Promise<InstantOrcid> {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }] }
  const clientId = 'APP-BENCH00000000001'
  const codes = new Map<string, AuthorizationQuery>()
  let people = 0
  let busyMs = 0
  let url = ''

  const issue = async (code: string) => {
    const asked = codes.get(code)
    codes.delete(code)
    if (!asked) return { status: 400, body: { error: 'invalid_grant' } }
    const now = Math.floor(Date.now() / 1_000)
    const idToken = await new SignJWT({ nonce: asked.nonce, auth_time: now, amr: 'pwd' })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .setIssuer(url)
      .setAudience(clientId)
      .setSubject(asked.orcid)
      .setIssuedAt(now)
      .setExpirationTime(now + 86_400)
      .sign(privateKey)
    const body = {
      access_token: randomUUID(),
      token_type: 'bearer',
      refresh_token: randomUUID(),
      expires_in: 631_138_518,
      scope: asked.scope,
      name: 'Some Body',
      orcid: asked.orcid,
      id_token: idToken,
    }
    return { status: 200, body }
  }

  const answer = async (request: IncomingMessage) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', url)
    if (pathname === '/oauth/jwks') return { status: 200, body: jwks }
    if (pathname === '/.well-known/openid-configuration') return { status: 200, body: describeIssuer(url) }
    if (pathname === '/oauth/token') return issue(new URLSearchParams(await readBody(request)).get('code') ?? '')
    if (pathname !== '/oauth/authorize') return { status: 404, body: {} }
    const code = randomUUID().slice(0, 6)
    codes.set(code, {
      nonce: searchParams.get('nonce') ?? '',
      scope: searchParams.get('scope') ?? '',
      orcid: makeSeededOrcid(people++),
    })
    const back = new URL(searchParams.get('redirect_uri') ?? '')
    back.search = new URLSearchParams({ code, state: searchParams.get('state') ?? '' }).toString()
    return { status: 302, location: back.href, body: {} }
  }

  const server = createServer(async (request, response) => {
    const startedAt = performance.now()
    const { status, body, ...rest } = await answer(request)
    busyMs += performance.now() - startedAt
    const location = 'location' in rest ? { location: rest.location } : {}
    response.writeHead(status, { 'content-type': 'application/json', ...location }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('The server has no port')
  url = `http://127.0.0.1:${address.port}`
  return {
    url,
    clientId,
    clientSecret: randomUUID(),
    admit: () => undefined,
    takeBusyMs: () => {
      const taken = busyMs
      busyMs = 0
      return taken
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function describeIssuer(url: string) {
  return {
    issuer: url,
    authorization_endpoint: `${url}/oauth/authorize`,
    token_endpoint: `${url}/oauth/token`,
    jwks_uri: `${url}/oauth/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_post'],
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of request) text += part
  return text
}
