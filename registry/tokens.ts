import { randomInt, randomUUID } from 'node:crypto'
import type { Registry } from './context'
import { sameScopes } from './scopes'
import type { AuthorizationCode, RevokeReason, Token } from './state'
import { TOKEN_LIFETIME_S } from './token-lifetime'

type NewToken = Pick<Token, 'orcid' | 'clientId' | 'code'> & {
  scopes: readonly string[]
  lifetimeS?: number
  onBehalfOf?: string
}

/** A new pair each time; older pairs of the same person and client stay valid. */
export function issueToken(registry: Registry, what: NewToken): Token {
  const token: Token = {
    accessToken: randomUUID(),
    refreshToken: randomUUID(),
    orcid: what.orcid,
    clientId: what.clientId,
    scopes: [...what.scopes],
    code: what.code,
    onBehalfOf: what.onBehalfOf ?? null,
    issuedAt: registry.now(),
    lifetimeS: what.lifetimeS ?? TOKEN_LIFETIME_S,
    live: true,
    revokedBecause: null,
  }
  registry.store.tokens.set(token.accessToken, token)
  registry.store.changed()
  return token
}

/** Neither revoked nor expired. */
export function isUsable(registry: Registry, token: Token): boolean {
  return token.live && registry.now() < token.issuedAt + token.lifetimeS * 1000
}

/** By access or refresh token. */
export function findToken(registry: Registry, value: string): Token | null {
  const byAccessToken = registry.store.tokens.get(value)
  if (byAccessToken) return byAccessToken
  for (const token of registry.store.tokens.values()) if (token.refreshToken === value) return token
  return null
}

/** Disables both tokens of every matching live pair; returns the number of pairs. */
export function disableTokens(registry: Registry, because: RevokeReason, fits: (token: Token) => boolean): number {
  const live = [...registry.store.tokens.values()].filter((token) => token.live && fits(token))
  for (const token of live) Object.assign(token, { live: false, revokedBecause: because })
  if (live.length > 0) registry.store.changed()
  return live.length
}

/** What the person authorized. Tokens of a receiver of an id_token are on no list of theirs. */
export function liveTokensOf(registry: Registry, orcid: string): Token[] {
  return [...registry.store.tokens.values()].filter(
    (token) => token.live && token.orcid === orcid && token.onBehalfOf === null,
  )
}

/**
 * ORCID skips its consent page only for exactly these scopes, not for a subset or superset. Consent counts even if its
 * code was never exchanged.
 */
export function hasGranted(registry: Registry, orcid: string, clientId: string, scopes: readonly string[]): boolean {
  const isSame = (one: Pick<Token, 'orcid' | 'clientId' | 'scopes'>) =>
    one.orcid === orcid && one.clientId === clientId && sameScopes(one.scopes, scopes)
  return liveTokensOf(registry, orcid).some(isSame) || codesWithoutToken(registry, isSame).length > 0
}

/** Disables the client's tokens for the person and forgets the consent. Returns the disabled tokens. */
export function endPermissions(registry: Registry, orcid: string, clientId: string | null): number {
  const isOf = (one: Pick<Token, 'orcid' | 'clientId'>) => one.orcid === orcid && one.clientId === clientId
  for (const { code } of codesWithoutToken(registry, isOf)) registry.store.codes.delete(code)
  return disableTokens(registry, 'USER_REVOKED', isOf)
}

function codesWithoutToken({ store }: Registry, fits: (code: AuthorizationCode) => boolean): AuthorizationCode[] {
  const found = [...store.codes.values()].filter(fits)
  if (found.length === 0) return []
  const exchanged = new Set([...store.tokens.values()].map((token) => token.code))
  return found.filter(({ code }) => !exchanged.has(code))
}

/** ORCID guarantees no order of scopes in its answers. */
export function shuffled(scopes: readonly string[]): string[] {
  const left = [...scopes]
  return scopes.flatMap(() => left.splice(randomInt(left.length), 1))
}
