import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 random bits in base64url. */
export function makeSecret(): string {
  return randomBytes(32).toString('base64url')
}

// RFC 4648 in small letters. 32 divides 256, so that every letter is as likely as the others.
const base32 = 'abcdefghijklmnopqrstuvwxyz234567'
const linkTokenPattern = new RegExp(`^[<("'\\[]*([${base32}]{52})[^\\p{L}\\p{N}]*$`, 'u')

/** 260 random bits in small letters and digits, which survive people and mail programs. */
export function makeLinkToken(): string {
  return Array.from(randomBytes(52), (byte) => base32.charAt(byte % 32)).join('')
}

/** Ignores case, white space and punctuation that a mail program added. Returns null for anything else. */
export function readLinkToken(text: string): string | null {
  const plain = text
    .slice(0, 200)
    .replace(/[\s\u00ad\u200b-\u200d\u2060\ufeff]/g, '')
    .toLowerCase()
  return linkTokenPattern.exec(plain)?.[1] ?? null
}

/** SHA-256 as hex, for random secrets only, never for passwords. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** HMAC-SHA-256 as hex, to look up sealed values. */
export function lookupHash(key: string, value: string): string {
  return createHmac('sha256', Buffer.from(key, 'base64url')).update(value).digest('hex')
}

/** Compares in constant time. */
export function equalSecrets(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest())
}

// Crockford's base 32 omits I, L, O and U, which people confuse on the telephone.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const referencePattern = /^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/

/** 40 random bits as `7K2M-Q9XD`. */
export function makeReference(): string {
  const digits = Array.from(randomBytes(8), (byte) => alphabet.charAt(byte % 32))
  return `${digits.slice(0, 4).join('')}-${digits.slice(4).join('')}`
}

/** Returns null for any other format. */
export function parseReference(text: unknown): string | null {
  return typeof text === 'string' && referencePattern.test(text) ? text : null
}

// Skip parts of longer words and numbers, such as the end of an iD.
const loosePattern =
  /(?<![\p{L}\p{N}\p{Pd}\u2212])([0-9A-Z]{4})[\s\p{Pd}\u2212_.·]{0,3}([0-9A-Z]{4})(?![\p{L}\p{N}]|[\p{Pd}\u2212][\p{L}\p{N}])/gu
const similarTo: Record<string, string> = { O: '0', I: '1', L: '1', U: 'V' }

/** Finds a typed or pasted reference in any case, with any separator. Maps I, L, O and U to similar characters. */
export function readReference(text: string): string | null {
  const upper = text.slice(0, 200).normalize('NFKC').toUpperCase()
  const found = [...upper.matchAll(loosePattern)].at(-1)
  if (!found) return null
  const [, first = '', second = ''] = found
  const plain = (part: string) => part.replace(/[OILU]/g, (letter) => similarTo[letter] ?? letter)
  return `${plain(first)}-${plain(second)}`
}
