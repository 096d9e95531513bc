import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** A random 256-bit secret, base64url. */
export function makeSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** SHA-256 as hex. Enough for secrets that are random themselves; never for anything that a person chose. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** HMAC-SHA-256 as hex, for looking up what is sealed without opening it. */
export function lookupHash(key: string, value: string): string {
  return createHmac('sha256', Buffer.from(key, 'base64url')).update(value).digest('hex')
}

/** Equality in time that does not depend on where two strings differ. */
export function equalSecrets(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest())
}

// Crockford's base 32: no I, L, O or U, so that a reference survives the telephone.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const referencePattern = /^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/

/** What people quote to the help desk and the log repeats: eight characters, 40 random bits, `7K2M-Q9XD`. */
export function makeReference(): string {
  const digits = Array.from(randomBytes(8), (byte) => alphabet.charAt(byte % 32))
  return `${digits.slice(0, 4).join('')}-${digits.slice(4).join('')}`
}

/** The reference in `text`, or null where it has another form. */
export function parseReference(text: unknown): string | null {
  return typeof text === 'string' && referencePattern.test(text) ? text : null
}
