import { z } from 'zod'
import type { Affiliation, JsonObject } from '../records/item'
import { ApiError } from './api-error'
import { checkDates, type FuzzyDate, fuzzyDateSchema, normaliseDate } from './fuzzy-date'

// common-3.0.xsd of github.com/ORCID/orcid-model: long-text ends at 4000 characters, short-text at 500.
const longText = z.string().min(1).max(4000)
const optional = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? null)
const link = z.object({ value: z.string().min(1) })

const organizationSchema = z.object({
  name: longText,
  address: optional(z.object({ city: optional(longText), region: optional(longText), country: optional(z.string()) })),
  'disambiguated-organization': optional(
    z.object({
      'disambiguated-organization-identifier': z.string(),
      'disambiguation-source': z.string().max(500),
    }),
  ),
})

const affiliationSchema = z.object({
  'put-code': optional(z.int()),
  visibility: optional(z.string()),
  'department-name': optional(longText),
  'role-title': optional(longText),
  'start-date': optional(fuzzyDateSchema),
  'end-date': optional(fuzzyDateSchema),
  organization: optional(organizationSchema),
  url: optional(link),
  'external-ids': optional(
    z.object({
      'external-id': z.array(
        z.object({
          'external-id-type': z.string().min(1),
          'external-id-value': z.string().min(1),
          'external-id-url': optional(link),
          'external-id-relationship': optional(z.string()),
        }),
      ),
    }),
  ),
})

type ParsedAffiliation = z.output<typeof affiliationSchema>
export type AffiliationInput = { putCode: number | null; visibility: string | null; content: JsonObject }

const SOURCES = ['ROR', 'GRID', 'RINGGOLD', 'FUNDREF', 'LEI']
const RELATIONSHIPS = ['self', 'part-of', 'version-of', 'funded-by']
const COUNTRIES = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })

/** Parses JSON in the form of an affiliation; `checkAffiliation` checks the content. */
export function readAffiliation(text: string): ParsedAffiliation {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new ApiError('9001')
  }
  const given = affiliationSchema.safeParse(json)
  if (given.success) return given.data
  const [issue] = given.error.issues
  throw new ApiError('9047', { values: { error: `${issue?.path.join('.')}: ${issue?.message}` } })
}

/** The checks of ORCID's `ActivityValidator.java`; returns the content to store. */
export function checkAffiliation(kind: Affiliation, given: ParsedAffiliation): AffiliationInput {
  const { 'put-code': putCode, visibility, ...fields } = given
  checkEnum(visibility, ['public', 'limited', 'private'], 'visibility')
  for (const id of fields['external-ids']?.['external-id'] ?? []) {
    checkEnum(id['external-id-relationship'], RELATIONSHIPS, 'relationship')
  }
  checkOrganization(kind, given)
  const dates = { start: storedDate(fields['start-date']), end: storedDate(fields['end-date']) }
  checkDates(dates.start, dates.end)
  return { putCode, visibility, content: { ...fields, 'start-date': dates.start, 'end-date': dates.end } }
}

function storedDate(date: z.output<typeof fuzzyDateSchema> | null): FuzzyDate | null {
  return date === null ? null : normaliseDate(date)
}

function checkEnum(value: string | null, allowed: readonly string[], name: string): void {
  if (value !== null && !allowed.includes(value)) throw new ApiError('9051', { values: { value, enum: name } })
}

function checkOrganization(kind: Affiliation, given: ParsedAffiliation): void {
  const { organization } = given
  if (!organization) throw new ApiError('9046')
  const { city, region, country } = organization.address ?? { city: null, region: null, country: null }
  const mustHaveAll = kind === 'education' || kind === 'employment'
  if (country !== null && !/^[A-Z]{2}$/.test(country)) throw invalidCountry(country)
  if (country !== null && COUNTRIES.of(country) === undefined) throw invalidCountry(country)
  if (mustHaveAll && (!city || !country)) throw new ApiError('9060')
  if ((city || region) && !country) throw new ApiError('9061')
  const organizationId = organization['disambiguated-organization']
  if (organizationId) checkOrganizationId(organizationId)
  else if (mustHaveAll) throw new ApiError('9045')
  else if ((given['external-ids']?.['external-id'] ?? []).length === 0) throw new ApiError('9062')
}

function invalidCountry(value: string): ApiError {
  return new ApiError('9051', { values: { value, enum: 'iso-3166-country' } })
}

function checkOrganizationId(id: { 'disambiguated-organization-identifier': string; 'disambiguation-source': string }) {
  const { 'disambiguated-organization-identifier': value, 'disambiguation-source': source } = id
  // The registry has no list of organizations and accepts any id of the right form.
  const isRor = /^https:\/\/ror\.org\/0[a-hj-km-np-tv-z0-9]{6}\d{2}$/.test(value)
  if (!SOURCES.includes(source) || value.trim() === '' || (source === 'ROR' && !isRor)) throw new ApiError('9045')
}
