import { visibilitySchema } from './record-values'

// ORCID shows a client the items that it wrote, whatever the person has set since, with every token of the client
// (ORCID-Source, `OrcidSecurityManagerImpl.checkAndFilter`). These functions leave out what others would not see.

type Visibility = ReturnType<typeof visibilitySchema.parse>
type IsHidden = (visibility: Visibility) => boolean

/** Private addresses have a permission of their own. */
export const isOnlyMe: IsHidden = (visibility) => visibility === 'private'
export const isNotPublic: IsHidden = (visibility) => visibility !== 'public'

type Fields = Record<string, unknown>
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A body of ORCID's API without hidden items, and without groups and wrappers that held nothing else. */
export function dropHidden(body: unknown, isHidden: IsHidden): unknown {
  if (Array.isArray(body)) return body.map((one) => dropHidden(one, isHidden)).filter((one) => one !== null)
  if (!isFields(body)) return body
  if (isItem(body) && isHidden(visibilitySchema.parse(body.visibility)) && !isExempt(body, isHidden)) return null
  const kept = Object.entries(body).map(([key, value]) => [key, dropHidden(value, isHidden)] as const)
  const isEmptied = isGroup(body) && kept.some(([key, value]) => isEmpty(value) && !isEmpty(body[key]))
  const isWrapper = kept.length === 1 && kept[0]?.[1] === null && isFields(Object.values(body)[0])
  return isEmptied || isWrapper ? null : Object.fromEntries(kept)
}

const isItem = (fields: Fields) => typeof fields.visibility === 'string'
const isExempt = (fields: Fields, isHidden: IsHidden) => isHidden === isOnlyMe && 'verified' in fields
/** Its identifiers are those of its items. */
const isGroup = (fields: Fields) => 'external-ids' in fields
const isEmpty = (value: unknown) => Array.isArray(value) && value.length === 0

/** An answer as text, JSON or XML, without items that are set to “Only me”; null if nothing else is left. */
export function withoutOnlyMe(text: string, type: string): string | null {
  if (!/"?visibility"?\s*[:=]\s*["']private["']/i.test(text)) return text
  if (type.endsWith('xml')) return dropHiddenElements(text)
  const left = dropHidden(JSON.parse(text), isOnlyMe)
  return left === null ? null : JSON.stringify(left)
}

const tag = /<(?<name>[/?!]?[\w:.-]+)(?<attributes>(?:[^"'<>]|"[^"]*"|'[^']*')*)>/g
const hiddenAttribute = /\svisibility\s*=\s*["']private["']/i

function dropHiddenElements(xml: string): string | null {
  let kept = ''
  let from = 0
  let depth = 0
  for (const {
    0: { length },
    index,
    groups: { name = '', attributes = '' } = {},
  } of xml.matchAll(tag)) {
    const isEnd = name.startsWith('/')
    if (depth === 0) {
      if (isEnd || name === 'email:email' || !hiddenAttribute.test(attributes)) continue
      kept += xml.slice(from, index)
    }
    depth += isEnd ? -1 : attributes.endsWith('/') ? 0 : 1
    if (depth === 0) from = index + length
  }
  kept += xml.slice(from)
  const emptyGroup = /<(activities:(?:[a-z-]+-)?group)\b[^>]*>(?:(?!<\/\1>|-summary[\s>])[\s\S])*<\/\1>/g
  const left = kept.replace(emptyGroup, '')
  return /<[a-z]/i.test(left) ? left : null
}
