import type { NextRequest } from 'next/server'
import { systemRights } from '@/lib/actor'
import { makeReference } from '@/lib/crypto/secrets'
import { isDatabaseUnavailable } from '@/lib/database/fault'
import { findClientAddress } from '@/lib/http/caller'
import { refuseWhileHeld } from '@/lib/http/hold'
import { log } from '@/lib/log'
import { countUse } from '@/lib/rate-limit/count-use'
import { authenticateClient } from '@/lib/systems/authentication'
import { readTokenRequest, type TokenFault } from '@/lib/systems/token-request'
import { issueToken, tokenLifetimeS } from '@/lib/systems/tokens'

const bodyCharsMax = 8_000

/** Gives a system a token for its client id and secret (RFC 6749, client credentials). */
export async function POST(request: NextRequest): Promise<Response> {
  try {
    if (await refuseWhileHeld(request)) return answer(503, { error: 'temporarily_unavailable' })
    return await give(request)
  } catch (error) {
    const requestId = request.headers.get('x-request-id') ?? makeReference()
    log().error({ requestId, err: error }, 'failed to give a system a token')
    return isDatabaseUnavailable(error)
      ? answer(503, { error: 'temporarily_unavailable' }, { 'Retry-After': '10' })
      : answer(500, { error: 'server_error' })
  }
}

async function give(request: NextRequest): Promise<Response> {
  const address = findClientAddress(request.headers)
  const waitS = await countUse('sign_in', { person: null, address })
  if (waitS) return answer(429, { error: 'temporarily_unavailable' }, { 'Retry-After': String(waitS) })
  const type = request.headers.get('content-type') ?? ''
  if (!type.startsWith('application/x-www-form-urlencoded')) return refuse('invalid_request')
  const body = await request.text()
  if (body.length > bodyCharsMax) return refuse('invalid_request')
  const asked = readTokenRequest(request.headers.get('authorization'), new URLSearchParams(body))
  if (typeof asked === 'string') return refuse(asked)
  const found = await authenticateClient({ clientId: asked.clientId, secret: asked.secret, address })
  if ('fault' in found) return refuse('invalid_client', found.fault)
  const { actor } = found
  const names = asked.scope?.split(' ').filter(Boolean)
  const rights = systemRights.filter((right) => actor.rights.includes(right) && (!names || names.includes(right)))
  const isKnown = names?.every((name) => rights.some((right) => right === name)) ?? true
  if (!isKnown || rights.length === 0) return refuse('invalid_scope')
  const token = await issueToken(actor, rights)
  return answer(200, {
    access_token: token,
    token_type: 'Bearer',
    expires_in: tokenLifetimeS,
    scope: rights.join(' '),
  })
}

const statuses = { invalid_request: 400, invalid_client: 401, unsupported_grant_type: 400, invalid_scope: 400 }

function refuse(error: TokenFault, description?: string): Response {
  const headers: Record<string, string> =
    error === 'invalid_client' ? { 'WWW-Authenticate': 'Basic realm="Concord", charset="UTF-8"' } : {}
  return answer(statuses[error], { error, ...(description ? { error_description: description } : {}) }, headers)
}

function answer(status: number, body: Record<string, unknown>, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers: { 'Cache-Control': 'no-store', Pragma: 'no-cache', ...headers } })
}
