import { deflateRawSync } from 'node:zlib'

/** Random secrets of 32 hexadecimal digits compress to 28 bytes or more. */
const compressedBytesMin = 24

/** Whether a secret repeats itself, as `aaaa…` and `secretsecret…` do, or counts, as `abcd…` and `0123…` do. */
export function isTrivialSecret(secret: string | Buffer): boolean {
  const bytes = Buffer.from(secret)
  const steps = Buffer.from(bytes.map((byte, index) => byte - (bytes[index - 1] ?? 0)))
  const least = Math.min(compressedBytesMin, bytes.length * 0.75)
  return [bytes, steps].some((one) => deflateRawSync(one).length < least)
}
