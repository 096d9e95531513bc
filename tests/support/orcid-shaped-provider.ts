import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { type Context, Provider } from 'oidc-provider'
import { nameInTokenAnswer, PEOPLE, publicNames } from '@/registry/people'
import { freePort } from '@/scripts/ports'
import { testSigningKey } from '@/tests/support/signing-key'
import { makeRecordApi } from '@/tests/support/small-record-api'

/** What each kind of credentials may ask for. */
const scopes = {
  member: ['openid', '/authenticate', '/read-public', '/read-limited', '/activities/update', '/person/update'],
  public: ['openid', '/authenticate', '/read-public'],
}
/** Seconds, as at ORCID: tokens live for twenty years. */
const ttl = {
  AccessToken: 631_138_518,
  ClientCredentials: 631_138_518,
  RefreshToken: 631_138_518,
  Grant: 631_138_518,
  AuthorizationCode: 600,
  IdToken: 86_400,
  Interaction: 3_600,
  Session: 86_400,
}

export type LiveToken = { kind: string; orcid: string | null; scopes: string[] }

export type OrcidShapedProvider = {
  url: string
  clientId: string
  clientSecret: string
  /** Lets a portal at this origin come back. */
  admit(origin: string): void
  /** Access and refresh tokens that the provider still holds. */
  liveTokens(): LiveToken[]
  /** The titles of the entries on somebody's record, whoever they are from. */
  titlesOf(orcid: string): string[]
  close(): Promise<void>
}

/**
 * `oidc-provider`, a certified OpenID provider that is not ours, with the addresses, fields and refusals of ORCID's
 * server, and a small record API beside it. What it does with codes, tokens and id_tokens is its own.
 */
export async function startOrcidShapedProvider(kind: 'member' | 'public'): Promise<OrcidShapedProvider> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const client = { id: 'APP-FOREIGNPROVIDER1', secret: 'd5a1e6a0-3f55-4e0b-9c53-0a7f6f9d2b11' }
  const redirectUris: string[] = []
  const store = makeStore()
  const provider: Provider = new Provider(url, {
    ...(await configure(kind, client)),
    adapter: store.adapter,
    loadExistingGrant: (ctx: Context) => findGrant(provider, store, ctx),
  })
  provider.Client.prototype.redirectUriAllowed = (uri) => redirectUris.includes(uri)
  const api = makeRecordApi(provider, url)
  provider.use(answerLikeOrcid(url))
  provider.use(async (ctx, next) => {
    if (ctx.path.startsWith('/interaction/')) await interact(provider, ctx)
    else if (/^(\/pub)?\/v3\.0\//.test(ctx.path)) await api.answer(ctx)
    else await next()
  })
  const server = createServer(provider.callback())
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url,
    clientId: client.id,
    clientSecret: client.secret,
    admit: (origin) => redirectUris.push(`${origin}/api/auth/callback/orcid`, `${origin}/connect/from-orcid`),
    liveTokens: store.liveTokens,
    titlesOf: api.titlesOf,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

async function configure(kind: 'member' | 'public', client: { id: string; secret: string }) {
  const { kid, privateJwk } = await testSigningKey()
  return {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        token_endpoint_auth_method: 'client_secret_post',
        grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
        redirect_uris: ['http://localhost/'],
        scope: scopes[kind].join(' '),
      },
    ],
    routes: {
      authorization: '/oauth/authorize',
      token: '/oauth/token',
      revocation: '/oauth/revoke',
      userinfo: '/oauth/userinfo',
      jwks: '/oauth/jwks',
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: { enabled: true, allowedPolicy: isOwnToken },
      rpInitiatedLogout: { enabled: false },
    },
    scopes: scopes.member,
    claims: { openid: ['sub', 'name', 'given_name', 'family_name'] },
    findAccount,
    jwks: { keys: [{ ...privateJwk, kid, use: 'sig', alg: 'RS256' }] },
    cookies: { keys: ['of tests only'] },
    pkce: { required: () => false },
    issueRefreshToken: () => true,
    // Otherwise a token would end when its person signs out.
    expiresWithSession: () => false,
    ttl,
    renderError: (ctx: Context, out: Record<string, string>) => showPage(ctx, 'Error', `<p>${out.error}</p>`),
  }
}

/** ORCID answers 200 to the revocation of another client's token as well, and leaves the token as it is. */
const isOwnToken = (_ctx: Context, client: { clientId: string }, token: { clientId: string }) =>
  token.clientId === client.clientId

const findPerson = (orcid: string | undefined) => PEOPLE.find((person) => person.orcid === orcid)

function findAccount(_ctx: Context, orcid: string) {
  const person = findPerson(orcid)
  if (!person) return undefined
  const { name, given, family } = publicNames(person)
  const claims = { sub: orcid, name, given_name: given, family_name: family }
  return { accountId: orcid, claims: () => claims }
}

type Row = Record<string, unknown> & { grantId?: string; accountId?: string; clientId?: string; scope?: string }
type Store = ReturnType<typeof makeStore>

/** What the provider keeps, by kind and id. */
function makeStore() {
  const rows = new Map<string, Row>()
  const tokens = () =>
    [...rows.values()].filter(({ kind }) => /^(AccessToken|RefreshToken|ClientCredentials)$/.test(String(kind)))
  const adapter = (kind: string) => ({
    upsert: async (id: string, row: Row) => void rows.set(`${kind} ${id}`, row),
    find: async (id: string) => rows.get(`${kind} ${id}`),
    findByUid: async (uid: string) => [...rows.values()].find((row) => row.kind === kind && row.uid === uid),
    consume: async (id: string) => void Object.assign(rows.get(`${kind} ${id}`) ?? {}, { consumed: true }),
    destroy: async (id: string) => void rows.delete(`${kind} ${id}`),
    revokeByGrantId: async (grantId: string) => {
      for (const [key, row] of rows) if (row.grantId === grantId && row.kind === kind) rows.delete(key)
    },
  })
  return {
    adapter,
    tokens,
    liveTokens: () =>
      tokens().map(({ kind, accountId, scope }) => ({
        kind: String(kind),
        orcid: accountId ?? null,
        scopes: (scope ?? '').split(' ').sort(),
      })),
  }
}

const sorted = (scope: string | undefined) => (scope ?? '').split(' ').sort().join(' ')

/**
 * ORCID gives each authorization tokens of its own, and asks nobody again who has permitted exactly the same scopes and
 * has not withdrawn them. Here a grant is what tokens are revoked by, so that each authorization needs its own.
 */
async function findGrant(provider: Provider, { tokens }: Store, { oidc }: Context) {
  if (!oidc) return undefined
  if (oidc.result?.consent) return provider.Grant.find(oidc.result.consent.grantId)
  const of = { accountId: oidc.session.accountId, clientId: oidc.client.clientId }
  const { scope } = oidc.params
  const isPermitted = tokens().some(
    (token) =>
      token.accountId === of.accountId && token.clientId === of.clientId && sorted(token.scope) === sorted(scope),
  )
  return isPermitted && scope ? provider.Grant.find(await saveGrant(provider, of, scope)) : undefined
}

async function saveGrant(provider: Provider, of: { accountId: string; clientId: string }, scope: string) {
  const grant = new provider.Grant(of)
  grant.addOIDCScope(scope)
  return grant.save()
}

/** The fields and refusals that are ORCID's own: protocol facts as in the local registry, `token.ts` and `userinfo.ts`. */
function answerLikeOrcid(issuer: string) {
  return async (ctx: Context, next: () => Promise<void>) => {
    await next()
    const { route, entities } = ctx.oidc ?? {}
    const person = findPerson(entities?.Account?.accountId)
    if (route === 'token' && ctx.status === 200) {
      const whose = person ? { name: nameInTokenAnswer(person), orcid: person.orcid } : { orcid: null }
      ctx.body = { ...(ctx.body as object), token_type: 'bearer', ...whose }
    }
    if (route === 'userinfo' && ctx.status === 200 && person)
      ctx.body = { id: `${issuer}/${person.orcid}`, ...(ctx.body as object) }
    else if (route === 'userinfo') {
      ctx.status = 403
      ctx.body = { error: 'access_denied', 'error-description': 'access_token is invalid' }
    }
    // The page of ORCID's authorization request is there, whatever is wrong with the request.
    if (route === 'authorization' && ctx.status >= 400) ctx.status = 200
  }
}

/** The pages on which a person says who they are, and permits or denies what is asked. */
async function interact(provider: Provider, ctx: Context): Promise<void> {
  const { prompt, params, session } = await provider.interactionDetails(ctx.req, ctx.res)
  if (ctx.method === 'GET') return prompt.name === 'login' ? askWho(ctx) : askConsent(ctx, params.scope)
  const form = new URLSearchParams(await text(ctx.req))
  ctx.status = 303
  ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, await decide(form)))

  async function decide(sent: URLSearchParams): Promise<object> {
    if (sent.has('orcid')) return { login: { accountId: sent.get('orcid') } }
    if (sent.get('decision') !== 'authorize') return { error: 'access_denied', error_description: 'User denied access' }
    const of = { accountId: session?.accountId ?? '', clientId: params.client_id ?? '' }
    return { consent: { grantId: await saveGrant(provider, of, params.scope ?? '') } }
  }
}

function askWho(ctx: Context): void {
  const buttons = PEOPLE.map(({ orcid }) => `<button name="orcid" value="${orcid}">${orcid}</button>`)
  showPage(ctx, 'Sign in', `<form method="post">${buttons.join(' ')}</form>`)
}

function askConsent(ctx: Context, scope = ''): void {
  const buttons =
    '<button name="decision" value="authorize">Authorize access</button> <button name="decision" value="deny">Deny access</button>'
  showPage(ctx, 'Authorize access', `<p>${scope}</p><form method="post">${buttons}</form>`)
}

function showPage(ctx: Context, title: string, content: string): void {
  ctx.type = 'html'
  ctx.body = `<!doctype html><html lang="en"><title>${title}</title><h1>${title}</h1>${content}</html>`
}
