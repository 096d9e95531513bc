import { createPrivateKey, generateKeyPair, randomInt, sign } from 'node:crypto'
import { promisify } from 'node:util'

/** A 2048-bit RSA key with ORCID's form of kid: `<environment>-orcid-org-<32 lower-case letters and digits>`. */
export type SigningKey = { kid: string; privateJwk: Record<string, string> }

export type Jwks = { keys: { kty: string; e: string; use: 'sig'; kid: string; n: string }[] }

export async function makeSigningKey(): Promise<SigningKey> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  const jwk = privateKey.export({ format: 'jwk' })
  const privateJwk = Object.fromEntries(Object.entries(jwk).map(([name, value]) => [name, String(value)]))
  return { kid: `local-orcid-org-${randomText(32)}`, privateJwk }
}

/** The public keys, without `alg`, as at ORCID. */
export function publicJwks(key: SigningKey): Jwks {
  const { e = '', n = '' } = key.privateJwk
  return { keys: [{ kty: 'RSA', e, use: 'sig', kid: key.kid, n }] }
}

/** A compact RS256 JWS. The header has no `typ`, and slashes are escaped, as in the tokens that ORCID signs. */
export function signJwt(key: SigningKey, claims: Record<string, unknown>): string {
  const header = encode({ kid: key.kid, alg: 'RS256' })
  const signed = `${header}.${encode(claims)}`
  const privateKey = createPrivateKey({ key: key.privateJwk, format: 'jwk' })
  return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`
}

function encode(value: Record<string, unknown>): string {
  return Buffer.from(JSON.stringify(value).replaceAll('/', '\\/')).toString('base64url')
}

function randomText(length: number): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('')
}
