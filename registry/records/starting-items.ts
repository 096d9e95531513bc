import { z } from 'zod'
import { AFFILIATIONS, type Item, type Section, visibilitySchema } from './item'
import listed from './records.json' with { type: 'json' }

export const FIRST_FREE_PUT_CODE = 100_000
const FIRST_PUT_CODE = 20_001
const FIRST_CREATED_AT = Date.UTC(2019, 2, 4, 9, 30)
const DAY_MS = 24 * 60 * 60 * 1000

const shared = { visibility: visibilitySchema.default('public'), by: z.string().optional() }
const identifier = z.strictObject({ type: z.string(), value: z.string(), url: z.string().optional() })
const dates = { start: z.string().optional(), end: z.string().optional() }
export const recordSchema = z.strictObject({
  biography: z.strictObject({ ...shared, text: z.string() }).optional(),
  otherNames: z.array(z.strictObject({ ...shared, name: z.string() })).default([]),
  keywords: z.array(z.strictObject({ ...shared, word: z.string() })).default([]),
  links: z.array(z.strictObject({ ...shared, name: z.string(), url: z.string() })).default([]),
  externalIds: z.array(z.strictObject({ ...shared, ...identifier.shape })).default([]),
  countries: z.array(z.strictObject({ ...shared, code: z.string() })).default([]),
  emails: z.array(z.strictObject({ ...shared, address: z.string(), verified: z.boolean().default(true) })).default([]),
  emailDomains: z.array(z.strictObject({ ...shared, domain: z.string(), verified: z.iso.date() })).default([]),
  affiliations: z
    .array(
      z.strictObject({
        ...shared,
        ...dates,
        kind: z.enum(AFFILIATIONS),
        at: z.string(),
        role: z.string().optional(),
        department: z.string().optional(),
        url: z.string().optional(),
        ids: z.array(identifier).default([]),
      }),
    )
    .default([]),
  works: z
    .array(
      z.strictObject({
        ...shared,
        title: z.string(),
        type: z.string(),
        journal: z.string().optional(),
        date: z.string().optional(),
        ids: z.array(identifier).default([]),
      }),
    )
    .default([]),
  fundings: z
    .array(
      z.strictObject({
        ...shared,
        ...dates,
        title: z.string(),
        type: z.string(),
        at: z.string(),
        ids: z.array(identifier).default([]),
      }),
    )
    .default([]),
})

const fileSchema = z.strictObject({
  /** Clients of other fictional organizations that have written to these records. */
  sources: z.record(z.string(), z.string()),
  organizations: z.record(
    z.string(),
    z.strictObject({
      name: z.string(),
      city: z.string(),
      region: z.string().optional(),
      country: z.string(),
      ror: z.string(),
    }),
  ),
  records: z.record(z.string(), recordSchema),
})

type Draft = Pick<Item, 'section' | 'content' | 'visibility'> & { by: string | undefined }
type Contents = z.infer<typeof recordSchema>
type Identifier = z.infer<typeof identifier>
const FILE = fileSchema.parse(listed)

/** The items of records.json, with the same put-codes and dates at every start. */
export function makeStartingItems(): Item[] {
  const all = (draftsIn: (record: Contents) => Draft[]) =>
    Object.entries(FILE.records).flatMap(([orcid, record]) =>
      draftsIn(record).map((draft) => ({ ...draft, orcid, displayIndex: 0 })),
    )
  // Domains come last, so that the put-codes of other items stay the same.
  const drafts = [...all(draftsOf), ...all(emailDomains)]
  return drafts.map((draft, index) => ({ ...toItem(draft, index), putCode: FIRST_PUT_CODE + index }))
}

/** The items of one record, without put-codes. */
export function makeItemsOf(orcid: string, record: Contents): Omit<Item, 'putCode'>[] {
  const drafts = [...draftsOf(record), ...emailDomains(record)]
  return drafts.map((draft, index) => toItem({ ...draft, orcid, displayIndex: 0 }, index))
}

function toItem({ by, ...draft }: Draft & Pick<Item, 'orcid' | 'displayIndex'>, index: number): Omit<Item, 'putCode'> {
  const createdAt = FIRST_CREATED_AT + index * DAY_MS
  const source = by === undefined ? null : { clientId: by, name: FILE.sources[by] ?? by }
  return { ...draft, source, createdAt, modifiedAt: createdAt }
}

function draftsOf(record: Contents): Draft[] {
  const { biography } = record
  return [
    ...(biography ? [draft('biography', biography, { content: biography.text })] : []),
    ...record.otherNames.map((other) => draft('other-names', other, { content: other.name })),
    ...record.keywords.map((keyword) => draft('keywords', keyword, { content: keyword.word })),
    ...record.links.map((link) => draft('researcher-urls', link, { 'url-name': link.name, url: { value: link.url } })),
    ...record.externalIds.map((id) => draft('external-identifiers', id, externalId(id))),
    ...record.countries.map((country) => draft('address', country, { country: { value: country.code } })),
    ...record.emails.map((email, index) =>
      draft('email', email, { email: email.address, verified: email.verified, primary: index === 0 }),
    ),
    ...record.affiliations.map((affiliation) =>
      draft(affiliation.kind, affiliation, {
        'department-name': affiliation.department ?? null,
        'role-title': affiliation.role ?? null,
        'start-date': fuzzyDate(affiliation.start),
        'end-date': fuzzyDate(affiliation.end),
        organization: organization(affiliation.at),
        url: affiliation.url === undefined ? null : { value: affiliation.url },
        'external-ids': externalIds(affiliation.ids),
      }),
    ),
    ...record.works.map((work) =>
      draft('work', work, {
        title: { title: { value: work.title }, subtitle: null, 'translated-title': null },
        'journal-title': work.journal === undefined ? null : { value: work.journal },
        type: work.type,
        'publication-date': fuzzyDate(work.date),
        'external-ids': externalIds(work.ids),
        url: work.ids[0]?.url === undefined ? null : { value: work.ids[0].url },
      }),
    ),
    ...record.fundings.map((funding) =>
      draft('funding', funding, {
        type: funding.type,
        title: { title: { value: funding.title }, 'translated-title': null },
        'start-date': fuzzyDate(funding.start),
        'end-date': fuzzyDate(funding.end),
        organization: organization(funding.at),
        url: null,
        'external-ids': externalIds(funding.ids),
      }),
    ),
  ]
}

function emailDomains(record: Contents): Draft[] {
  return record.emailDomains.map(({ domain, verified, ...entry }) =>
    draft('email-domain', entry, { value: domain, 'verification-date': { value: Date.parse(verified) } }),
  )
}

function draft(
  section: Section,
  { visibility, by }: { visibility: Item['visibility']; by?: string },
  content: Item['content'],
): Draft {
  return { section, visibility, by, content }
}

/** `2015`, `2015-09` or `2015-09-01` as ORCID's fuzzy date. */
function fuzzyDate(text: string | undefined) {
  if (text === undefined) return null
  const [year, month, day] = text.split('-').map((value) => ({ value }))
  return { year: year ?? null, month: month ?? null, day: day ?? null }
}

function organization(key: string) {
  const found = FILE.organizations[key]
  if (!found) throw new Error(`records.json has no organization "${key}"`)
  return {
    name: found.name,
    address: { city: found.city, region: found.region ?? null, country: found.country },
    'disambiguated-organization': {
      'disambiguated-organization-identifier': found.ror,
      'disambiguation-source': 'ROR',
    },
  }
}

function externalIds(ids: readonly Identifier[]) {
  return ids.length === 0 ? null : { 'external-id': ids.map(externalId) }
}

function externalId({ type, value, url }: Identifier) {
  return {
    'external-id-type': type,
    'external-id-value': value,
    'external-id-url': url === undefined ? null : { value: url },
    'external-id-relationship': 'self',
  }
}
