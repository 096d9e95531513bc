import { createHash, timingSafeEqual } from 'node:crypto'

export type RegistryClient = {
  id: string
  secret: string
  /** ORCID allows several at once, so that clients can rotate them. */
  otherSecrets?: string[]
  name: string
  description: string
  redirectUris: string[]
  kind: 'member' | 'public'
  /** Scopes that ORCID grants only by agreement, such as `/email/read-private`. */
  arrangedScopes?: string[]
  /** What it may get by token exchange; absent: an id_token for a token of its own. */
  exchanges?: ('id_token' | 'access_token')[]
  /** The clients that may exchange its id_tokens; absent or empty: all. ORCID sets it. */
  whitelist?: string[]
}

type Clients = { clients: readonly RegistryClient[] }

export type ClientAnswer =
  | { ok: true; client: RegistryClient }
  | { ok: false; status: 401; body: { error: string; error_description: string } }

export function findClient(registry: Clients, id: string | null): RegistryClient | null {
  return registry.clients.find((client) => client.id === id) ?? null
}

/** Any Authorization header takes precedence over the form fields, as at ORCID's proxy. */
export function authenticateClient(
  registry: Clients,
  authorization: string | undefined,
  form: URLSearchParams,
): ClientAnswer {
  if (authorization !== undefined) return checkClient(registry, readBasic(authorization))
  for (const field of ['client_id', 'client_secret']) {
    if (!form.get(field)) return refused('invalid_request', `${field} is required`)
  }
  return checkClient(registry, { id: form.get('client_id') ?? '', secret: form.get('client_secret') ?? '' })
}

function checkClient(registry: Clients, credentials: { id: string; secret: string } | null): ClientAnswer {
  const client = findClient(registry, credentials?.id ?? null)
  const secrets = client ? [client.secret, ...(client.otherSecrets ?? [])] : []
  if (client && secrets.some((secret) => sameText(secret, credentials?.secret ?? ''))) return { ok: true, client }
  return refused('invalid_client', 'Client authentication failed')
}

function refused(error: string, description: string): ClientAnswer {
  // ORCID's answer to wrong credentials has the description first.
  return { ok: false, status: 401, body: { error_description: description, error } }
}

/** RFC 6749 §2.3.1: both parts are form-encoded before Base64. */
function readBasic(authorization: string): { id: string; secret: string } | null {
  const encoded = /^Basic\s+([A-Za-z0-9+/=]+)$/i.exec(authorization)?.[1]
  if (!encoded) return null
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 0) return null
  return { id: formDecode(text.slice(0, colon)), secret: formDecode(text.slice(colon + 1)) }
}

function formDecode(text: string): string {
  return new URLSearchParams(`v=${text.replaceAll('&', '%26')}`).get('v') ?? ''
}

function sameText(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}
