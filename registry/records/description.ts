import type { Item, Json, JsonObject, Section } from './item'

export const SECTION_NAMES: Record<Section, string> = {
  distinction: 'Distinctions',
  education: 'Education',
  employment: 'Employment',
  'invited-position': 'Invited positions',
  membership: 'Memberships',
  qualification: 'Qualifications',
  service: 'Service',
  work: 'Works',
  funding: 'Funding',
  'other-names': 'Also known as',
  keywords: 'Keywords',
  'researcher-urls': 'Websites and social links',
  'external-identifiers': 'Other IDs',
  address: 'Countries',
  email: 'Emails',
  biography: 'Biography',
  'email-domain': 'Verified email domains',
}

type Description = { title: string; organization: string | null; period: string | null }

/** The texts of an item on a page, for any section. */
export function describeItem({ content }: Pick<Item, 'content'>): Description {
  const organization = textAt(content, 'organization', 'name')
  const candidates = [
    textAt(content, 'role-title'),
    textAt(content, 'title', 'title', 'value'),
    textAt(content, 'content'),
    textAt(content, 'url-name'),
    textAt(content, 'external-id-value'),
    textAt(content, 'country', 'value'),
    textAt(content, 'email'),
    textAt(content, 'value'),
    organization,
  ]
  const start = dateText(content['start-date'] ?? content['publication-date'])
  const end = dateText(content['end-date'])
  const period = end === null ? start : `${start ?? ''} – ${end}`
  return { title: candidates.find((text) => text !== null) ?? 'Without a title', organization, period }
}

function textAt(value: Json | undefined, ...path: string[]): string | null {
  const [first, ...rest] = path
  if (first === undefined) return typeof value === 'string' && value !== '' ? value : null
  return isObject(value) ? textAt(value[first], ...rest) : null
}

function dateText(date: Json | undefined): string | null {
  const parts = ['year', 'month', 'day'].map((name) => textAt(date, name, 'value')).filter((part) => part !== null)
  return parts.length === 0 ? null : parts.join('-')
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
