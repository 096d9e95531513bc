import { AFFILIATIONS, type Json } from '../records/item'

const ATTRIBUTES = new Set(['put-code', 'visibility', 'display-index', 'path', 'primary', 'verified'])

// Elements of ORCID's schemas whose namespace is not that of the element around them (github.com/ORCID/orcid-model, record_3.0).
const NAMESPACES = new Map(
  Object.entries({
    common:
      'created-date last-modified-date source organization external-ids url start-date end-date publication-date department-name role-title orcid-identifier country',
    activities: `activities-summary works fundings peer-reviews research-resources ${AFFILIATIONS.map((kind) => `${kind}s`).join(' ')}`,
    'other-name': 'other-names other-name',
    keyword: 'keywords keyword',
    'researcher-url': 'researcher-urls researcher-url',
    'external-identifier': 'external-identifiers external-identifier',
    address: 'addresses address',
    email: 'emails email',
    person: 'person name biography',
    'personal-details': 'personal-details given-names family-name credit-name',
    ...Object.fromEntries([...AFFILIATIONS, 'work', 'funding'].map((kind) => [kind, `${kind} ${kind}-summary`])),
    record: 'record',
    history: 'history',
    preferences: 'preferences',
    summary: 'record-summary',
    error: 'error',
  }).flatMap(([namespace, names]) => names.split(' ').map((name) => [name, namespace])),
)

/** ORCID's JSON as XML, by rules and not by schema: enough for a client that forgot to ask for JSON to see what it got. */
export function toXml(root: string, value: Json): string {
  const used = new Set<string>()
  const text = element(root, value, NAMESPACES.get(root) ?? root, used)
  const declared = [...used].map((name) => ` xmlns:${name}="http://www.orcid.org/ns/${name}"`).join('')
  const body = text.replace(/^<[^\s/>]+/, (start) => start + declared)
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${body}`
}

function element(name: string, value: Json, around: string, used: Set<string>): string {
  if (value === null) return ''
  if (Array.isArray(value)) return value.map((one) => element(name, one, around, used)).join('')
  // Below a common element everything is common; JSON's `summaries` are a list of their own that the XML does not have.
  const namespace = around === 'common' ? 'common' : (NAMESPACES.get(name) ?? around)
  if (name === 'summaries') return children(value, around, used).content
  used.add(namespace)
  const { attributes, content } = children(value, namespace, used, name)
  const tag = `${namespace}:${name}`
  return content === '' ? `<${tag}${attributes}/>` : `<${tag}${attributes}>${content}</${tag}>`
}

function children(value: Json, namespace: string, used: Set<string>, name = '') {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { attributes: '', content: escapeXml(String(value)) }
  }
  const isWrapper = 'value' in value
  let attributes = ''
  let content = ''
  for (const [key, child] of Object.entries(value)) {
    if (child === null || child === undefined) continue
    const isScalar = typeof child !== 'object'
    if (isWrapper && key === 'value') content += escapeXml(isDate(name) ? toDate(child) : String(child))
    else if (isScalar && (isWrapper || (namespace !== 'common' && ATTRIBUTES.has(key)))) {
      attributes += ` ${key}="${escapeXml(String(child))}"`
    } else content += element(key, child as Json, namespace, used)
  }
  return { attributes, content }
}

function isDate(name: string): boolean {
  return name === 'created-date' || name === 'last-modified-date'
}

function toDate(value: unknown): string {
  return new Date(Number(value)).toISOString()
}

function escapeXml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character)
}
