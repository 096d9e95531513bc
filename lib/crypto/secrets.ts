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

// Neither a part of a longer word nor, as the end of an iD would be, of a longer number.
const writtenPattern =
  /(?<![\p{L}\p{N}\p{Pd}\u2212])([0-9A-Z]{4})[\s\p{Pd}\u2212_.·]{0,3}([0-9A-Z]{4})(?![\p{L}\p{N}]|[\p{Pd}\u2212][\p{L}\p{N}])/gu
const mistaken: Record<string, string> = { O: '0', I: '1', L: '1', U: 'V' }

/**
 * The reference that somebody means who typed or pasted `text`, or null where it cannot be one: in any case, with another
 * dash, a space or nothing in the middle, with words around it, and with the letters that references do not have taken
 * for what they look like.
 */
export function readReference(text: string): string | null {
  const upper = text.slice(0, 200).normalize('NFKC').toUpperCase()
  const found = [...upper.matchAll(writtenPattern)].at(-1)
  if (!found) return null
  const [, first = '', second = ''] = found
  const plain = (part: string) => part.replace(/[OILU]/g, (letter) => mistaken[letter] ?? letter)
  return `${plain(first)}-${plain(second)}`
}
