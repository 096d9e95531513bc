import { randomInt } from 'node:crypto'
import type { Registry } from './context'
import type { AuthorizationCode } from './state'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Six base62 characters, as at ORCID. Used codes stay stored, to recognise a second use. */
export function issueCode(registry: Registry, what: Omit<AuthorizationCode, 'code' | 'issuedAt' | 'used'>): string {
  const { codes } = registry.store
  let code = randomCode()
  while (codes.has(code)) code = randomCode()
  codes.set(code, { ...what, code, issuedAt: registry.now(), used: false })
  registry.store.changed()
  return code
}

export function isExpired(registry: Registry, code: AuthorizationCode): boolean {
  return registry.now() - code.issuedAt >= registry.settings.codeLifetimeS * 1000
}

function randomCode(): string {
  return Array.from({ length: 6 }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('')
}
