import { parseAccept } from 'hono/utils/accept'
import { affiliationKinds, sectionOf } from '@/lib/affiliations/affiliation'
import type { ProxiedPart } from '@/lib/records/proxied'

const affiliations = affiliationKinds.map(sectionOf)
const activities = [...affiliations, 'research-resource', 'funding', 'peer-review', 'work']
const personLists = ['address', 'keywords', 'other-names', 'researcher-urls', 'external-identifiers']

/** The paths of ORCID's API v3.0 after the iD that a permission to read opens. */
export const sections = [
  'record',
  'person',
  'personal-details',
  'biography',
  'email',
  ...personLists,
  'activities',
  'summary',
  ...activities.map((activity) => `${activity}s`),
]
/** Those that have items with a put-code, `works` for several at once. */
export const itemSections = [...personLists, ...activities, 'works']
export const summarySections = activities
/** What can be written, because the portal keeps items of it. */
export const writtenSections = [...affiliations, 'work']
export const allSections = [...new Set([...sections, ...itemSections])]

const withEmails = ['record', 'person', 'email']

export const partOf = (section: string, rest = ''): ProxiedPart => ({
  path: `/${section}${rest}`,
  showsEmails: rest === '' && withEmails.includes(section),
  // An answer about several works may have errors only.
  namesRecord: !(section === 'works' && rest !== ''),
})

export const xmlTypes = ['application/xml', 'application/vnd.orcid+xml', 'application/orcid+xml'] as const
export const jsonTypes = ['application/json', 'application/vnd.orcid+json', 'application/orcid+json'] as const

/** The type of an answer, as ORCID chooses it: XML without a preference. Null if none is acceptable. */
export function chooseType(accept: string | undefined): string | null {
  const [xml] = xmlTypes
  if (!accept?.trim()) return xml
  for (const { type, q } of parseAccept(accept)) {
    const wanted = type.toLowerCase()
    if (q === 0) continue
    if (wanted === '*/*' || wanted === 'application/*') return xml
    const known = [...xmlTypes, ...jsonTypes].find((one) => one === wanted)
    if (known) return known
  }
  return null
}
