import { z } from 'zod'
import {
  affiliationSchema,
  biographySchema,
  countrySchema,
  emailSchema,
  externalIdsSchema,
  fundingSchema,
  linkSchema,
  nameSchema,
  personIdSchema,
  wordSchema,
  workSchema,
} from './record-items'
import { listSchema, timeSchema } from './record-values'
import { orcidSchema } from './schema'

/** Maps an affiliation's API path to its list in a record. */
const affiliationLists = {
  employment: 'employments',
  education: 'educations',
  qualification: 'qualifications',
  'invited-position': 'invited-positions',
  distinction: 'distinctions',
  membership: 'memberships',
  service: 'services',
} as const

export type AffiliationKind = keyof typeof affiliationLists

export const affiliationKinds = Object.keys(affiliationLists) as AffiliationKind[]

/** Items that ORCID groups by a common identifier, the person's preferred one first. */
export type Group<T> = { externalIds: z.infer<typeof externalIdsSchema>; items: T[] }

/** A list has the form `{path, <name>: […]}`, or is absent or null. */
const section = <T extends z.ZodType>(name: string, item: T) =>
  z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((fields) => listSchema(item).parse(fields?.[name]))
    .catch([])

const groups = <T extends z.ZodType>(list: string, items: string, item: T) =>
  section(
    list,
    z.record(z.string(), z.unknown()).transform(
      (group): Group<z.infer<T>> => ({
        externalIds: externalIdsSchema.parse(group['external-ids']),
        items: listSchema(item).parse(group[items]),
      }),
    ),
  ).transform((found) => found.filter(({ items }) => items.length > 0))

/** Affiliations have one more wrapper: `summaries: [{"employment-summary": {…}}]`. */
const affiliations = (kind: AffiliationKind) =>
  groups(
    'affiliation-group',
    'summaries',
    z.record(z.string(), z.unknown()).transform((fields) => affiliationSchema.parse(fields[`${kind}-summary`])),
  )

const personSchema = z
  .object({
    name: nameSchema,
    biography: biographySchema,
    'other-names': section('other-name', wordSchema),
    keywords: section('keyword', wordSchema),
    emails: section('email', emailSchema),
    addresses: section('address', countrySchema),
    'researcher-urls': section('researcher-url', linkSchema),
    'external-identifiers': section('external-identifier', personIdSchema),
  })
  .transform((fields) => ({
    name: fields.name,
    biography: fields.biography,
    otherNames: fields['other-names'],
    keywords: fields.keywords,
    emails: fields.emails,
    countries: fields.addresses,
    links: fields['researcher-urls'],
    externalIds: fields['external-identifiers'],
  }))

const activitiesSchema = z
  .object({
    employments: affiliations('employment'),
    educations: affiliations('education'),
    qualifications: affiliations('qualification'),
    'invited-positions': affiliations('invited-position'),
    distinctions: affiliations('distinction'),
    memberships: affiliations('membership'),
    services: affiliations('service'),
    works: groups('group', 'work-summary', workSchema),
    fundings: groups('group', 'funding-summary', fundingSchema),
  })
  .transform(({ works, fundings, ...lists }) => ({
    works,
    fundings,
    affiliations: Object.fromEntries(affiliationKinds.map((kind) => [kind, lists[affiliationLists[kind]]])) as Record<
      AffiliationKind,
      (typeof lists)['employments']
    >,
  }))

const recordSchema = z
  .object({
    'orcid-identifier': z.object({ path: orcidSchema }),
    history: z.object({ 'last-modified-date': timeSchema }).nullish().catch(null),
    // ORCID sends null or nothing if the token may read nothing here.
    person: z.preprocess((person) => person ?? {}, personSchema),
    'activities-summary': z.preprocess((activities) => activities ?? {}, activitiesSchema),
  })
  .transform((fields) => ({
    orcid: fields['orcid-identifier'].path,
    modifiedAt: fields.history?.['last-modified-date'] ?? null,
    ...fields.person,
    ...fields['activities-summary'],
  }))

/** Contains only what the token may read. */
export type OrcidRecord = z.infer<typeof recordSchema>

/** Whether this is ORCID's answer to `GET /v3.0/{orcid}/personal-details`. */
export function isDetailsOf(body: unknown, orcid: string): boolean {
  return z.object({ path: z.literal(`/${orcid}/personal-details`) }).safeParse(body).success
}

/** Reads `GET /v3.0/{orcid}/record` or `/{orcid}`. `raw` keeps all fields as sent. Returns null if it is no record. */
export function parseRecord(body: unknown): { record: OrcidRecord; raw: Record<string, unknown> } | null {
  const raw = z.record(z.string(), z.unknown()).safeParse(body)
  const parsed = recordSchema.safeParse(body)
  return raw.success && parsed.success ? { record: parsed.data, raw: raw.data } : null
}
