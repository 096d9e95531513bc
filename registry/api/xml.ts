import type { Json, JsonObject } from '../records/item'
import { ELEMENTS } from './xml-elements'

const NOTHING = { attributes: [], children: [] }

/** ORCID's JSON as XML, in the order and namespaces of its schemas. Omits fields that the schemas lack. */
export function toXml(root: string, value: Json): string {
  const used = new Set<string>()
  const text = element(root, value, used)
  const declared = [...used].map((name) => ` xmlns:${name}="http://www.orcid.org/ns/${name}"`).join('')
  const body = text.replace(/^<[^\s/>]+/, (start) => start + declared)
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${body}`
}

function element(name: string, value: Json, used: Set<string>): string {
  if (value === null) return ''
  if (Array.isArray(value)) return value.map((one) => element(name, one, used)).join('')
  used.add(prefixOf(name))
  // An email contains an element of the same name with its address as text.
  const isText = typeof value !== 'object'
  const fields: JsonObject = isText ? { value } : value
  if (name === 'bulk:bulk') return `<${name}>${inBulk(fields.bulk ?? null, used)}</${name}>`
  const { attributes, children } = (isText ? undefined : ELEMENTS.get(name)) ?? NOTHING
  const start = `${name}${attributes.map((key) => attribute(key, fields[key] ?? null)).join('')}`
  const content =
    children.length > 0
      ? children.map((child) => element(child, fieldOf(fields, child), used)).join('')
      : escapeXml(textOf(name, fields.value ?? ''))
  return content === '' ? `<${start}/>` : `<${start}>${content}</${name}>`
}

/** Works and errors in the order of the request; the JSON wraps each in an object. */
function inBulk(entries: Json, used: Set<string>): string {
  const all = Array.isArray(entries) ? entries : []
  return all
    .flatMap((entry) => Object.entries(entry as JsonObject))
    .map(([key, value]) => element(`${key}:${key}`, value, used))
    .join('')
}

function attribute(key: string, value: Json): string {
  return value === null ? '' : ` ${key}="${escapeXml(String(value))}"`
}

function fieldOf(fields: JsonObject, child: string): Json {
  const key = localNameOf(child)
  // The JSON of affiliation groups has two wrappers around each summary.
  const summaries = fields.summaries
  if (Array.isArray(summaries) && key.endsWith('-summary'))
    return summaries.map((one) => (one as JsonObject)[key] ?? null)
  return fields[key] ?? null
}

function textOf(name: string, value: Json): string {
  if (name.endsWith('-date')) return new Date(Number(value)).toISOString()
  // The only enumeration that ORCID spells differently in JSON.
  return name === 'history:creation-method' && value === 'DIRECT' ? 'Direct' : String(value)
}

function prefixOf(name: string): string {
  return name.slice(0, name.indexOf(':'))
}

function localNameOf(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

function escapeXml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character)
}
