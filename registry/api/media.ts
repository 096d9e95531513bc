import { parseAccept } from 'hono/utils/accept'
import type { Json } from '../records/item'
import { toXml } from './xml'

/** `root`: the root element with its prefix, such as `work:work`. */
export type Document = { root: string; body: Json }

const XML = ['application/vnd.orcid+xml', 'application/orcid+xml', 'application/xml']
const PRETTY_JSON = ['application/vnd.orcid+json', 'application/orcid+json']
const JSON_TYPES = [...PRETTY_JSON, 'application/json']

/** The type of the answer: XML without a preference, null if none is acceptable. */
export function chooseType(accept: string | undefined): string | null {
  if (accept === undefined || accept.trim() === '') return 'application/xml'
  for (const { type } of parseAccept(accept)) {
    const preferred = type.toLowerCase()
    if (preferred === '*/*' || preferred === 'application/*') return 'application/xml'
    if (XML.includes(preferred) || JSON_TYPES.includes(preferred)) return preferred
  }
  return null
}

export function isJsonType(type: string | undefined): boolean {
  return JSON_TYPES.includes(type?.split(';')[0]?.trim().toLowerCase() ?? '')
}

export function serialise({ root, body }: Document, type: string): string {
  if (XML.includes(type)) return toXml(root, body)
  return PRETTY_JSON.includes(type) ? JSON.stringify(body, null, 2) : JSON.stringify(body)
}
