import type { Row } from '@/lib/exports/lines'

/** Columns of a researcher. */
export const dnPlaceholders = ['local_id', 'orcid', 'name', 'department'] as const
export type DnPlaceholder = (typeof dnPlaceholders)[number]

/** Where somebody stands in a directory: text, and what is put in between. */
export type DnTemplate = { parts: readonly (string | { placeholder: DnPlaceholder })[] }

const lengthMax = 500

// https://www.rfc-editor.org/rfc/rfc4514#section-3 , of which a template may use all but values in hexadecimal.
const type = String.raw`(?:[a-z][a-z0-9-]*|\d+(?:\.\d+)+)`
const escaped = String.raw`\\(?:[ "#+,;<=>\\]|[0-9a-f]{2})`
const value = String.raw`(?![ #])(?:[^"+,;<>\\\p{Cc}\p{Cs}]|${escaped})+(?<![^\\] )`
const attribute = `${type}=${value}`
const wellFormed = new RegExp(`^${attribute}(?:[+,] *${attribute})*$`, 'iu')

/**
 * Reads `uid={local_id},ou=people,dc=example,dc=org`. Null where it is no distinguished name of RFC 4514, where a
 * placeholder is none of ours or stands for something else than a value, and where it has none: everybody would be one
 * entry.
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
  // Any value will do in the place of one; it starts and ends no name of an attribute.
  const filled = known.map((part) => (typeof part === 'string' ? part : '\\00')).join('')
  return isComplete && !/[{}]/.test(filled) && wellFormed.test(filled) ? { parts: known } : null
}

/** The distinguished name of a researcher who lacks nothing. */
export function toDn({ parts }: DnTemplate, row: Row): string {
  return parts
    .map((part) => (typeof part === 'string' ? part : escapeDnValue(readValue(row, part.placeholder))))
    .join('')
}

/** What a researcher lacks first of what the name is made of; undefined for nothing. */
export function findLacking({ parts }: DnTemplate, row: Row): DnPlaceholder | undefined {
  const wanted = parts.filter((part) => typeof part !== 'string').map(({ placeholder }) => placeholder)
  return wanted.find((placeholder) => readValue(row, placeholder) === '')
}

const readValue = (row: Row, placeholder: DnPlaceholder) => String(row[placeholder] ?? '')

/** A text as a part of an attribute's value (https://www.rfc-editor.org/rfc/rfc4514#section-2.4). */
export function escapeDnValue(text: string): string {
  const toHex = (character: string) => Buffer.from(character).toString('hex').replace(/../g, '\\$&')
  return text.replace(/[\\"+,;<=>]|^[ #]| $/g, '\\$&').replace(/\p{Cc}/gu, toHex)
}
