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

/** The seven kinds of affiliation, as in the paths of the API, and the lists of a record that hold them. */
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

/** What ORCID puts together because it has an identifier in common; the one that the person prefers comes first. */
export type Group<T> = { externalIds: z.infer<typeof externalIdsSchema>; items: T[] }

/** A list `{path, <name>: […]}`, absent or null where there is nothing. */
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

/** Affiliations are wrapped once more: `summaries: [{"employment-summary": {…}}]`. */
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
    // A token that may see nothing of a part gets null, or nothing at all.
    person: z.preprocess((person) => person ?? {}, personSchema),
    'activities-summary': z.preprocess((activities) => activities ?? {}, activitiesSchema),
  })
  .transform((fields) => ({
    orcid: fields['orcid-identifier'].path,
    modifiedAt: fields.history?.['last-modified-date'] ?? null,
    ...fields.person,
    ...fields['activities-summary'],
  }))

/** A record in our words, as far as we read it. What is not public to the one who asked is not in it. */
export type OrcidRecord = z.infer<typeof recordSchema>

/** Whether this is what ORCID answers `GET /v3.0/{orcid}/personal-details` with, for this iD. */
export function isDetailsOf(body: unknown, orcid: string): boolean {
  return z.object({ path: z.literal(`/${orcid}/personal-details`) }).safeParse(body).success
}

/**
 * Reads the answer of `GET /v3.0/{orcid}/record` (or `/{orcid}`), and gives it in our words together with `raw`, which
 * is everything as it was sent, fields that we do not know too. Null when it is not a record.
 */
export function parseRecord(body: unknown): { record: OrcidRecord; raw: Record<string, unknown> } | null {
  const raw = z.record(z.string(), z.unknown()).safeParse(body)
  const parsed = recordSchema.safeParse(body)
  return raw.success && parsed.success ? { record: parsed.data, raw: raw.data } : null
}
