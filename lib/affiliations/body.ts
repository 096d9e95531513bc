import { z } from 'zod'
import { type AffiliationItem, type AffiliationKind, sectionOf } from '@/lib/affiliations/affiliation'
import { parseWorks, toWork } from '@/lib/affiliations/work-item'
import { toWorkBody } from '@/lib/orcid/work'
import { toOrcidDate } from '@/lib/people/fuzzy-date'

/** The institution in ORCID's terms. `ror` is the full URL. */
export type Organisation = { name: string; ror: string; city: string; region: string | null; country: string }

/**
 * ORCID refuses a second item of one source with the same type and value. `other-id` is the type for identifiers
 * without a scheme (https://pub.orcid.org/v3.0/identifiers).
 */
const externalIdType = 'other-id'

/** The request body of an item in ORCID's JSON v3.0, with the put-code for an update. */
export function toBody(item: AffiliationItem, organisation: Organisation, putCode: string | null) {
  const work = toWork(item)
  if (work) return toWorkBody(work, putCode)
  const link = item.url === null ? null : { value: item.url }
  return {
    ...(putCode === null ? {} : { 'put-code': Number(putCode) }),
    'department-name': item.department,
    'role-title': item.title,
    'start-date': toOrcidDate(item.startOn),
    'end-date': toOrcidDate(item.endOn),
    organization: toOrganization(organisation),
    url: link,
    'external-ids': {
      'external-id': [
        {
          'external-id-type': externalIdType,
          'external-id-value': item.externalId,
          'external-id-url': link,
          'external-id-relationship': 'self',
        },
      ],
    },
  }
}

/** The institution in ORCID's form, by its ROR id. */
export const toOrganization = ({ name, ror, city, region, country }: Organisation) => ({
  name,
  address: { city, region, country },
  'disambiguated-organization': {
    'disambiguated-organization-identifier': ror,
    'disambiguation-source': 'ROR',
  },
})

const value = z.object({ value: z.string() }).nullish()
const date = z
  .object({ year: value, month: value, day: value })
  .nullish()
  .transform((found) => {
    const parts = [found?.year?.value, found?.month?.value, found?.day?.value]
    const end = parts.findIndex((part) => !part)
    const known = end === -1 ? parts : parts.slice(0, end)
    return known.length > 0 ? known.join('-') : null
  })

const summary = z
  .object({
    'put-code': z.union([z.number(), z.string()]).transform(String),
    source: z.object({ 'source-client-id': z.object({ path: z.string() }).nullish() }).nullish(),
    'department-name': z.string().nullish(),
    'role-title': z.string().nullish(),
    'start-date': date,
    'end-date': date,
    'external-ids': z
      .object({
        'external-id': z
          .array(z.object({ 'external-id-value': z.string(), 'external-id-relationship': z.string().nullish() }))
          .nullish(),
      })
      .nullish(),
  })
  .transform((found) => ({
    putCode: found['put-code'],
    clientId: found.source?.['source-client-id']?.path ?? null,
    title: found['role-title'] ?? null,
    department: found['department-name'] ?? null,
    startOn: found['start-date'],
    endOn: found['end-date'],
    externalIds: (found['external-ids']?.['external-id'] ?? [])
      .filter((one) => one['external-id-relationship'] === 'self')
      .map((one) => one['external-id-value']),
  }))

export type RecordItem = z.output<typeof summary>

const affiliationList = z.object({
  'affiliation-group': z.array(z.object({ summaries: z.array(z.record(z.string(), z.unknown())).nullish() })).nullish(),
})

/** The items of one kind in ORCID's list; null if the answer has another form, or is about another record. */
export function parseItems(orcid: string, kind: AffiliationKind, body: unknown): RecordItem[] | null {
  const isOfRecord = z.object({ path: z.literal(`/${orcid}/${sectionOf(kind)}s`) }).safeParse(body).success
  if (!isOfRecord) return null
  if (kind === 'work') return parseWorks(body)
  const parsed = affiliationList.safeParse(body)
  if (!parsed.success) return null
  const key = `${sectionOf(kind)}-summary`
  const found = (parsed.data['affiliation-group'] ?? []).flatMap(({ summaries }) => summaries ?? [])
  const items = z.array(summary).safeParse(found.map((one) => one[key]))
  return items.success ? items.data : null
}

/** Compares identifiers as ORCID does, without regard to case. */
export const isSame = (externalIds: readonly string[], { externalId }: Pick<AffiliationItem, 'externalId'>) =>
  externalIds.some((one) => one.toLowerCase() === externalId.toLowerCase())

/** Whether an item on the record says what ours says. */
export function says(found: RecordItem, item: AffiliationItem): boolean {
  return (
    found.title === item.title &&
    found.department === item.department &&
    found.startOn === item.startOn &&
    found.endOn === item.endOn &&
    isSame(found.externalIds, item)
  )
}
