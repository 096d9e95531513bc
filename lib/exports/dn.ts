import type { Row } from '@/lib/exports/lines'

export const dnPlaceholders = ['local_id', 'orcid', 'name', 'department'] as const
export type DnPlaceholder = (typeof dnPlaceholders)[number]

/** A distinguished name with placeholders. */
export type DnTemplate = { parts: readonly (string | { placeholder: DnPlaceholder })[] }

const lengthMax = 500

// https://www.rfc-editor.org/rfc/rfc4514#section-3 without hexadecimal values.
const type = String.raw`(?:[a-z][a-z0-9-]*|\d+(?:\.\d+)+)`
const escaped = String.raw`\\(?:[ "#+,;<=>\\]|[0-9a-f]{2})`
const value = String.raw`(?![ #])(?:[^"+,;<>\\\p{Cc}\p{Cs}]|${escaped})+(?<![^\\] )`
const attribute = `${type}=${value}`
const wellFormed = new RegExp(`^${attribute}(?:[+,] *${attribute})*$`, 'iu')

/**
 * Parses `uid={local_id},ou=people,dc=example,dc=org`. Null for an invalid distinguished name, a placeholder that is
 * unknown or not a value, or no placeholder at all, which would name everybody alike.
 */
export function parseDnTemplate(text: string): DnTemplate | null {
  if (text.length > lengthMax) return null
  const parts = text.split(/(\{[^{}]*\})/).map((part) => {
    if (!part.startsWith('{')) return part
    const placeholder = dnPlaceholders.find((known) => part === `{${known}}`)
    return placeholder ? { placeholder } : null
  })
  const known = parts.filter((part) => part !== null)
  const isComplete = known.length === parts.length && known.some((part) => typeof part !== 'string')
  // A sample value for each placeholder; it is not valid as part of an attribute's name.
  const filled = known.map((part) => (typeof part === 'string' ? part : '\\00')).join('')
  return isComplete && !/[{}]/.test(filled) && wellFormed.test(filled) ? { parts: known } : null
}

/** Requires a row for which `findMissingPlaceholder` finds nothing. */
export function toDn({ parts }: DnTemplate, row: Row): string {
  return parts
    .map((part) => (typeof part === 'string' ? part : escapeDnValue(readValue(row, part.placeholder))))
    .join('')
}

/** The first placeholder without a value. */
export function findMissingPlaceholder({ parts }: DnTemplate, row: Row): DnPlaceholder | undefined {
  const placeholders = parts.filter((part) => typeof part !== 'string').map(({ placeholder }) => placeholder)
  return placeholders.find((placeholder) => readValue(row, placeholder) === '')
}

const readValue = (row: Row, placeholder: DnPlaceholder) => String(row[placeholder] ?? '')

/** Escapes a part of an attribute's value (https://www.rfc-editor.org/rfc/rfc4514#section-2.4). */
export function escapeDnValue(text: string): string {
  const toHex = (character: string) => Buffer.from(character).toString('hex').replace(/../g, '\\$&')
  return text.replace(/[\\"+,;<=>]|^[ #]| $/g, '\\$&').replace(/\p{Cc}/gu, toHex)
}
