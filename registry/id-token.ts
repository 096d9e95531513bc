import { createHash, randomUUID } from 'node:crypto'
import { nowS, type Registry } from './context'
import type { Fault } from './faults'
import { signJwt } from './keys'
import { PEOPLE, personOf, publicNames } from './people'
import type { AuthorizationCode, Token } from './state'

const LIFETIME_S = 86_400

/**
 * The claims of ORCID's id_token: `aud` a string, `amr` a string and for member clients only, names only when public.
 * Source: ORCID/ORCID-Source `OpenIDConnectTokenEnhancer.java`.
 */
export function makeIdToken(
  registry: Registry,
  token: Token,
  code: Pick<AuthorizationCode, 'orcid' | 'authTimeS' | 'nonce'>,
  fault: Fault | null,
): string {
  const person = personOf(registry, code.orcid)
  const names = person ? publicNames(person) : { name: null, given: null, family: null }
  const isMember = registry.clients.find((client) => client.id === token.clientId)?.kind === 'member'
  const iat = nowS(registry) - (fault?.fault === 'expired_id_token' ? 2 * LIFETIME_S : 0)
  const nonce = fault?.fault === 'wrong_nonce' ? `not-${code.nonce ?? 'asked-for'}` : code.nonce
  const claims = {
    at_hash: atHash(token.accessToken),
    aud: token.clientId,
    sub: fault?.fault === 'wrong_sub' ? somebodyElse(code.orcid) : code.orcid,
    auth_time: code.authTimeS,
    amr: isMember ? (person?.secondFactor ? 'mfa' : 'pwd') : null,
    iss: registry.issuer,
    name: names.name,
    exp: iat + LIFETIME_S,
    given_name: names.given,
    iat,
    nonce,
    family_name: names.family,
    jti: randomUUID(),
  }
  return signJwt(registry.store.key, Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== null)))
}

/** OpenID Connect Core §3.1.3.6: the left half of the SHA-256 of the access token. */
function atHash(accessToken: string): string {
  return createHash('sha256').update(accessToken, 'ascii').digest().subarray(0, 16).toString('base64url')
}

function somebodyElse(orcid: string): string {
  return PEOPLE.find((person) => person.orcid !== orcid)?.orcid ?? ''
}
