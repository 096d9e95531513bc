import type { ResearcherTexts } from '@/lib/researchers/walk'

const values = {
  local_id: ({ localId }) => localId,
  orcid: ({ orcid }) => orcid,
  name: ({ name }) => name,
  department: ({ department }) => department,
} satisfies Record<string, (row: ResearcherTexts) => string | null>

export type DnPlaceholder = keyof typeof values
export const dnPlaceholders = Object.keys(values) as DnPlaceholder[]

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

/** The distinguished name of somebody, or the first placeholder for which they have no value. */
export function fillDn({ parts }: DnTemplate, row: ResearcherTexts): { dn: string } | { lacks: DnPlaceholder } {
  let dn = ''
  for (const part of parts) {
    if (typeof part === 'string') dn += part
    else {
      const text = values[part.placeholder](row)
      if (!text) return { lacks: part.placeholder }
      dn += escapeDnValue(text)
    }
  }
  return { dn }
}

const needsNoEscape = /^(?![ #])[^\\"+,;<=>\p{Cc}]*(?<! )$/u

/** A text as a part of an attribute's value (https://www.rfc-editor.org/rfc/rfc4514#section-2.4). */
export function escapeDnValue(text: string): string {
  if (needsNoEscape.test(text)) return text
  return text
    .replace(/[\\"+,;<=>]/g, '\\$&')
    .replace(/^[ #]| $/g, '\\$&')
    .replace(/\p{Cc}/gu, (character) => [...Buffer.from(character)].map(toHexPair).join(''))
}

const toHexPair = (byte: number) => `\\${byte.toString(16).padStart(2, '0')}`
