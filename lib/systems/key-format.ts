import { randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const randomChars = 32
const checksumChars = 6

/** `live` and `test`: keys at ORCID's registry and at the others. `token`: what an OAuth client gets. */
export const keyKinds = ['live', 'test', 'token'] as const
export type KeyKind = (typeof keyKinds)[number]

const pattern = new RegExp(`^cnc_(${keyKinds.join('|')})_([0-9A-Za-z]{${randomChars + checksumChars}})$`)

/** 190 random bits, and a checksum that tells a mistyped key from an unknown one. */
export function makeKeyText(kind: KeyKind): string {
  const random = Array.from({ length: randomChars }, () => base62.charAt(randomInt(base62.length))).join('')
  const start = `cnc_${kind}_${random}`
  return start + checksumOf(start)
}

/** Returns null for a key that is mistyped or cut off. */
export function readKeyText(text: string): { kind: KeyKind; beginning: string } | null {
  const kind = pattern.exec(text)?.[1] as KeyKind | undefined
  if (!kind || checksumOf(text.slice(0, -checksumChars)) !== text.slice(-checksumChars)) return null
  return { kind, beginning: text.slice(0, `cnc_${kind}_`.length + 4) }
}

/** CRC-32 in six digits of base 62. */
function checksumOf(text: string): string {
  let rest = crc32(text)
  let digits = ''
  for (let place = 0; place < checksumChars; place += 1) {
    digits = base62.charAt(rest % base62.length) + digits
    rest = Math.floor(rest / base62.length)
  }
  return digits
}
