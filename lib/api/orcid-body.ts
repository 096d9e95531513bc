import { z } from '@hono/zod-openapi'
import type { AffiliationItem, AffiliationKind } from '@/lib/affiliations/affiliation'
import { type Organisation, toOrganization } from '@/lib/affiliations/body'
import { type EntryField, parseItem } from '@/lib/affiliations/entry'
import type { ProblemError } from '@/lib/api/problem'

const notOurs = z.null('is for ORCID or the person to say: leave it out').optional()
const value = z.strictObject({ value: z.string() })
const date = z.strictObject({ year: value, month: value.nullish(), day: value.nullish() }).nullish()
const text = z.string().nullish()

/** The body of an affiliation in ORCID's API v3.0, as far as the portal writes it. */
export const affiliationBody = z.strictObject({
  'put-code': z.int().positive().nullish(),
  'department-name': text,
  'role-title': z.string(),
  'start-date': date,
  'end-date': date,
  organization: z
    .strictObject({
      name: z.string(),
      address: z.strictObject({ city: text, region: text, country: text }).nullish(),
      'disambiguated-organization': z
        .strictObject({
          'disambiguated-organization-identifier': z.string(),
          'disambiguation-source': z.string(),
        })
        .nullish(),
    })
    .openapi({ description: 'The institution, as the portal writes it; what is left out is added.' }),
  url: value.nullish(),
  'external-ids': z
    .strictObject({
      'external-id': z
        .array(
          z.strictObject({
            'external-id-type': z.literal('other-id'),
            'external-id-value': z.string().min(1),
            'external-id-url': value.nullish(),
            'external-id-relationship': z.literal('self'),
          }),
        )
        .max(1)
        .nullish(),
    })
    .nullish(),
  'display-index': notOurs,
  visibility: notOurs,
  source: notOurs,
  path: notOurs,
  'created-date': notOurs,
  'last-modified-date': notOurs,
})

export type AffiliationBody = z.infer<typeof affiliationBody>

type Given = { kind: AffiliationKind; organisation: Organisation; externalId?: string }

/**
 * The inverse of `toBody`: an item from ORCID's JSON. What an item cannot hold is a fault with a pointer. `externalId`:
 * of the item that is changed.
 */
export function fromAffiliationBody(
  body: AffiliationBody,
  { kind, organisation, externalId }: Given,
): { item: AffiliationItem } | { faults: ProblemError[] } {
  const faults: ProblemError[] = listDifferences(body.organization, toOrganization(organisation), '/organization')
  const fault = (pointer: string, detail: string) => faults.push({ pointer, detail })
  const link = body.url?.value
  const id = body['external-ids']?.['external-id']?.[0]
  const idPointer = '/external-ids/external-id/0'
  if ((id?.['external-id-url']?.value ?? link) !== link) {
    fault(`${idPointer}/external-id-url`, 'must be the same as /url')
  }
  if (id && externalId !== undefined && id['external-id-value'] !== externalId) {
    fault(`${idPointer}/external-id-value`, 'of an item stays')
  }
  for (const name of ['start-date', 'end-date'] as const) {
    if (body[name]?.day && !body[name].month) fault(`/${name}/month`, 'is missing')
  }
  const parsed = parseItem({
    type: kind,
    title: body['role-title'],
    department: body['department-name'] ?? undefined,
    start: joinDate(body['start-date']),
    end: joinDate(body['end-date']),
    url: link,
    external_id: id?.['external-id-value'] ?? externalId,
  })
  if ('faults' in parsed) {
    for (const { field, code } of parsed.faults) fault(pointers[field] ?? '', code.replaceAll('_', ' '))
  }
  return 'item' in parsed && faults.length === 0 ? { item: parsed.item } : { faults }
}

const pointers: Partial<Record<EntryField, string>> = {
  title: '/role-title',
  department: '/department-name',
  start: '/start-date',
  end: '/end-date',
  url: '/url/value',
  external_id: '/external-ids/external-id/0/external-id-value',
}

function joinDate(given: AffiliationBody['start-date']): string | undefined {
  const parts = [given?.year, given?.month, given?.day].flatMap((part) => part?.value ?? [])
  return parts.length > 0 ? parts.join('-') : undefined
}

/** What is given and is not what the portal writes. */
function listDifferences(given: object, ours: object, pointer: string): ProblemError[] {
  return Object.entries(given).flatMap(([name, each]) => {
    const wanted: unknown = ours[name as keyof typeof ours] ?? null
    if (each === null || each === undefined || each === wanted) return []
    const at = `${pointer}/${name}`
    if (typeof each === 'object' && typeof wanted === 'object' && wanted) return listDifferences(each, wanted, at)
    return [
      { pointer: at, detail: `is not the institution: ${wanted === null ? 'leave it out' : `it has “${wanted}”`}` },
    ]
  })
}
