import { createHash } from 'node:crypto'

/** JSON with one text for each value (RFC 8785), so that its hash does not depend on the order of keys. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonicalJson(each)}`).join(',')}}`
}

/** The SHA-256 of the canonical JSON, as hex. */
export const canonicalHash = (value: unknown) => createHash('sha256').update(canonicalJson(value)).digest('hex')
