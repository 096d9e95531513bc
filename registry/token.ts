import { authenticateClient, type RegistryClient } from './clients'
import { isExpired } from './codes'
import { type Registry, type RegistryContext, readForm } from './context'
import type { Fault } from './faults'
import { makeIdToken } from './id-token'
import type { AuthorizationCode, TokenRequest } from './state'
import { exchangeToken, TOKEN_EXCHANGE } from './token-exchange'
import { grantToClient, refresh } from './token-grants'
import { describeToken, GENERIC, type Outcome, refused } from './token-outcome'
import { disableTokens, issueToken } from './tokens'
import { answerWithFault } from './wire-faults'

const FORM_TYPE = 'application/x-www-form-urlencoded'
const HEADERS = {
  'Content-Type': 'application/json;charset=UTF-8',
  'Cache-Control': 'no-store',
  Pragma: 'no-cache',
  OAUTH_AUTHORIZATION_CODE_EXCHANGE: 'ON',
}
/** POST /oauth/token, with the error answers of ORCID's current server. */
export async function answerToken(registry: Registry, c: RegistryContext): Promise<Response> {
  const form = await readForm(c)
  const fault = registry.faults.take('token')
  const request: TokenRequest = {
    at: new Date(registry.now()).toISOString(),
    clientId: form.get('client_id'),
    grantType: form.get('grant_type'),
    code: form.get('code'),
    outcome: 'not processed',
    fault: fault?.fault ?? null,
  }
  registry.store.tokenRequests.push(request)
  registry.store.changed()
  return answerWithFault(c, fault, () => {
    const type = c.req.header('Content-Type') ?? ''
    if (type.split(';')[0]?.trim().toLowerCase() !== FORM_TYPE) {
      request.outcome = 'wrong content type'
      return answerWrongType(c, type)
    }
    const { status, body, outcome } = processTokenRequest(registry, c.req.header('Authorization'), form, fault)
    request.outcome = outcome
    return c.body(JSON.stringify(body), status, HEADERS)
  })
}

function answerWrongType(c: RegistryContext, type: string): Response {
  const shown = type.replace(/[^\w/;=., -]/g, '')
  const title = 'HTTP Status 415 – Unsupported Media Type'
  const text = `<!doctype html><html lang="en"><head><title>${title}</title></head><body><h1>${title}</h1><p>Content-Type '${shown}' is not supported.</p></body></html>`
  return c.body(text, 415, { 'Content-Type': 'text/html;charset=utf-8', Accept: FORM_TYPE })
}

function processTokenRequest(
  registry: Registry,
  authorization: string | undefined,
  form: URLSearchParams,
  fault: Fault | null,
): Outcome {
  const grantType = form.get('grant_type')
  if (!grantType) return refused('unsupported_grant_type', 'grant_type is missing')
  const answer = authenticateClient(registry, authorization, form)
  if (!answer.ok) return { status: answer.status, body: answer.body, outcome: answer.body.error }
  const { client } = answer
  switch (grantType) {
    case 'authorization_code':
      return exchangeCode(registry, client, form, fault)
    case 'client_credentials':
      return grantToClient({ registry, client, form, fault })
    case 'refresh_token':
      return refresh({ registry, client, form, fault })
    case TOKEN_EXCHANGE:
      return exchangeToken({ registry, client, form, fault })
  }
  return refused('unsupported_grant_type', `Unsupported grant type: ${grantType}`)
}

function exchangeCode(registry: Registry, client: RegistryClient, form: URLSearchParams, fault: Fault | null): Outcome {
  const value = form.get('code')
  if (!value) return refused('invalid_grant', GENERIC)
  const code = registry.store.codes.get(value)
  if (!code) return refused('invalid_grant', `Invalid authorization code: ${value}`)
  if (code.used) {
    // A repeated code may be stolen, so ORCID disables the tokens of its first use.
    disableTokens(registry, 'AUTH_CODE_REUSED', (token) => token.code === value)
    return { ...refused('invalid_grant', `Reused authorization code: ${value}`), outcome: 'reused' }
  }
  // Marked as used before the checks: a failed exchange also uses up its code.
  code.used = true
  registry.store.changed()
  const redirectUri = form.get('redirect_uri')
  const sameRedirectUri = redirectUri === code.redirectUri || (!redirectUri && !registry.strictRedirectUri)
  if (isExpired(registry, code) || code.clientId !== client.id || !sameRedirectUri) {
    return refused('invalid_grant', GENERIC)
  }
  return { status: 200, body: issue(registry, code, fault), outcome: 'issued' }
}

function issue(registry: Registry, code: AuthorizationCode, fault: Fault | null): Record<string, unknown> {
  const scopes = fault?.fault === 'fewer_scopes' ? withoutOne(code.scopes) : code.scopes
  const token = issueToken(registry, { ...code, scopes })
  const hasIdToken = scopes.includes('openid') && fault?.fault !== 'no_id_token'
  return {
    ...describeToken(registry, token, fault),
    ...(hasIdToken ? { id_token: makeIdToken(registry, token, code, fault) } : {}),
    ...(fault?.fault === 'extra_fields'
      ? { tokenVersion: '1', persistent: 'true', invented: { by: 'the local registry', list: [1, null] } }
      : {}),
  }
}

/** Drops the last scope that is not for identity, if there is one. */
function withoutOne(scopes: readonly string[]): string[] {
  const dropped = scopes.findLast((scope) => scope !== 'openid' && scope !== '/authenticate')
  return scopes.filter((scope) => scope !== dropped)
}
