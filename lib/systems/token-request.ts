// https://www.rfc-editor.org/rfc/rfc6749#section-4.4

export type TokenRequest = {
  clientId: string
  secret: string
  /** As it was asked for; null for all rights. */
  scope: string | null
}

export type TokenFault = 'invalid_request' | 'invalid_client' | 'unsupported_grant_type' | 'invalid_scope'

/** Reads a request for a token. The client says who it is by Basic or in the form, and by one of them only. */
export function readTokenRequest(authorization: string | null, body: URLSearchParams): TokenRequest | TokenFault {
  const names = [...body.keys()]
  if (new Set(names).size < names.length) return 'invalid_request'
  const grantType = body.get('grant_type')
  if (!grantType) return 'invalid_request'
  if (grantType !== 'client_credentials') return 'unsupported_grant_type'
  const inForm = body.has('client_id') || body.has('client_secret')
  if (authorization && body.has('client_secret')) return 'invalid_request'
  const client = authorization
    ? readBasic(authorization)
    : inForm && { clientId: body.get('client_id') ?? '', secret: body.get('client_secret') ?? '' }
  if (!client) return 'invalid_client'
  if (authorization && body.has('client_id') && body.get('client_id') !== client.clientId) return 'invalid_request'
  return { ...client, scope: body.get('scope') || null }
}

/** Both parts are form-encoded (RFC 6749, section 2.3.1). */
function readBasic(authorization: string): { clientId: string; secret: string } | null {
  const encoded = /^Basic +([\w+/]+=*) *$/i.exec(authorization)?.[1]
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString('utf8')) ?? []
  if (id === undefined || secret === undefined) return null
  try {
    return { clientId: decodeURIComponent(id), secret: decodeURIComponent(secret) }
  } catch {
    return null
  }
}
