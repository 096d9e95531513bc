import type { Item, JsonObject } from '../records/item'
import { orcidIdentifier, when } from './item-json'
import type { View } from './person'

const CREATED_AT = Date.UTC(2019, 2, 4, 9, 30)

/** `/summary`: counts of public items (github.com/ORCID/orcid-model, summary_3.0; JSON names follow the XML). */
export function recordSummaryJson({ registry, person, items }: View): JsonObject {
  const open = items.filter((item) => item.visibility === 'public')
  const of = (...sections: Item['section'][]) => open.filter((item) => sections.includes(item.section))
  const modifiedAt = Math.max(CREATED_AT, ...open.map((item) => item.modifiedAt))
  return {
    'created-date': when(CREATED_AT),
    'last-modified-date': when(modifiedAt),
    'credit-name': person.nameVisibility === 'public' && person.creditName ? { value: person.creditName } : null,
    'orcid-identifier': orcidIdentifier(registry, person.orcid),
    'external-identifiers': orNull(of('external-identifiers'), (ids) => ({
      'external-identifier': ids.map(identifier),
    })),
    employments: orNull(of('employment'), (list) => counted('employment', list)),
    'professional-activities': orNull(of('distinction', 'invited-position', 'membership', 'service'), (list) =>
      counted('professional-activity', list),
    ),
    fundings: tally(of('funding')),
    works: tally(of('work')),
    'peer-reviews': null,
    'education-qualifications': orNull(of('education', 'qualification'), (list) =>
      counted('education-qualification', list),
    ),
    'research-resources': null,
    'email-domains': orNull(of('email-domain'), (domains) => ({
      count: domains.length,
      'email-domain': domains.map(emailDomain),
    })),
  }
}

function orNull(items: readonly Item[], make: (items: readonly Item[]) => JsonObject): JsonObject | null {
  return items.length === 0 ? null : make(items)
}

function identifier({ putCode, content, source }: Item): JsonObject {
  return {
    'put-code': putCode,
    'external-id-type': content['external-id-type'] ?? null,
    'external-id-value': content['external-id-value'] ?? null,
    'external-id-url': content['external-id-url'] ?? null,
    validated: source !== null,
  }
}

function emailDomain({ content, createdAt, modifiedAt }: Item): JsonObject {
  return {
    value: content.value ?? null,
    'verification-date': content['verification-date'] ?? null,
    'created-date': when(createdAt),
    'last-modified-date': when(modifiedAt),
  }
}

function counted(name: string, items: readonly Item[]): JsonObject {
  return {
    count: items.length,
    [name]: items.map(({ putCode, section, content, source }) => ({
      'put-code': putCode,
      type: section,
      'organization-name': organizationName(content),
      role: content['role-title'] ?? null,
      url: content.url ?? null,
      'start-date': content['start-date'] ?? null,
      'end-date': content['end-date'] ?? null,
      validated: source !== null,
    })),
  }
}

function organizationName({ organization }: JsonObject) {
  return typeof organization === 'object' && organization !== null && 'name' in organization
    ? (organization.name ?? null)
    : null
}

function tally(items: readonly Item[]): JsonObject {
  const validated = items.filter((item) => item.source !== null).length
  return { 'self-asserted-count': items.length - validated, 'validated-count': validated }
}
