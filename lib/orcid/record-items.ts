import { z } from 'zod'
import {
  booleanSchema,
  fuzzyDateSchema,
  listSchema,
  numberSchema,
  sourceSchema,
  textSchema,
  timeSchema,
  urlSchema,
  visibilitySchema,
} from './record-values'

/** See `element-summary` in common-3.0.xsd. */
const commonFields = {
  'put-code': numberSchema,
  visibility: visibilitySchema,
  source: sourceSchema,
  'created-date': timeSchema,
  'last-modified-date': timeSchema,
} as const

type Common = {
  'put-code': number | null
  visibility: z.infer<typeof visibilitySchema>
  source: z.infer<typeof sourceSchema>
  'created-date': Date | null
  'last-modified-date': Date | null
}

const toItem = (fields: Common) => ({
  putCode: fields['put-code'],
  visibility: fields.visibility,
  source: fields.source,
  createdAt: fields['created-date'],
  modifiedAt: fields['last-modified-date'],
})

export type Item = ReturnType<typeof toItem>

/** Rejects items without content. */
const requiredText = textSchema.refine((text) => text !== null).transform((text) => text ?? '')

export const nameSchema = z
  .object({
    'given-names': textSchema,
    'family-name': textSchema,
    'credit-name': textSchema,
    visibility: visibilitySchema,
  })
  .nullish()
  .transform((name) =>
    name
      ? {
          given: name['given-names'],
          family: name['family-name'],
          credit: name['credit-name'],
          visibility: name.visibility,
        }
      : null,
  )
  .catch(null)

export const biographySchema = z
  .object({ content: requiredText, visibility: visibilitySchema })
  .nullish()
  .transform((biography) => biography ?? null)
  .catch(null)

/** Other names and keywords. */
export const wordSchema = z
  .object({ ...commonFields, content: requiredText })
  .transform((fields) => ({ ...toItem(fields), content: fields.content }))

export const emailSchema = z
  .object({ ...commonFields, email: requiredText, verified: booleanSchema, primary: booleanSchema })
  .transform((fields) => ({
    ...toItem(fields),
    address: fields.email,
    verified: fields.verified,
    primary: fields.primary,
  }))

export const linkSchema = z
  .object({ ...commonFields, 'url-name': textSchema, url: textSchema.pipe(z.string()) })
  .transform((fields) => ({
    ...toItem(fields),
    name: fields['url-name'],
    written: fields.url,
    url: urlSchema.parse(fields.url),
  }))

export const countrySchema = z
  .object({ ...commonFields, country: requiredText })
  .transform((fields) => ({ ...toItem(fields), country: fields.country }))

const idFields = {
  'external-id-type': requiredText,
  'external-id-value': requiredText,
  'external-id-url': urlSchema,
  'external-id-relationship': textSchema,
} as const

const toExternalId = (fields: {
  'external-id-type': string
  'external-id-value': string
  'external-id-url': string | null
  'external-id-relationship': string | null
}) => ({
  type: fields['external-id-type'],
  value: fields['external-id-value'],
  url: fields['external-id-url'],
  relationship: fields['external-id-relationship'],
})

export type ExternalId = ReturnType<typeof toExternalId>

/** The person's identifier in another system. */
export const personIdSchema = z
  .object({ ...commonFields, ...idFields })
  .transform((fields) => ({ ...toItem(fields), ...toExternalId(fields) }))

/** Of an activity or a group. */
export const externalIdsSchema = z
  .object({ 'external-id': listSchema(z.object(idFields).transform(toExternalId)) })
  .nullish()
  .transform((ids) => ids?.['external-id'] ?? [])
  .catch([])

const noAddress = { city: null, region: null, country: null }

export const organizationSchema = z
  .object({
    name: textSchema,
    address: z.object({ city: textSchema, region: textSchema, country: textSchema }).nullish().catch(null),
    'disambiguated-organization': z
      .object({ 'disambiguated-organization-identifier': textSchema, 'disambiguation-source': textSchema })
      .nullish()
      .catch(null),
  })
  .nullish()
  .transform((organization) => {
    if (!organization) return null
    const disambiguated = organization['disambiguated-organization']
    return {
      name: organization.name,
      ...(organization.address ?? noAddress),
      id: disambiguated?.['disambiguated-organization-identifier'] ?? null,
      idSource: disambiguated?.['disambiguation-source'] ?? null,
    }
  })
  .catch(null)

const activityFields = { ...commonFields, url: urlSchema, 'external-ids': externalIdsSchema } as const
const periodFields = { 'start-date': fuzzyDateSchema, 'end-date': fuzzyDateSchema, organization: organizationSchema }

const titleSchema = z
  .object({ title: textSchema, subtitle: textSchema })
  .nullish()
  .transform((titles) => ({ title: titles?.title ?? null, subtitle: titles?.subtitle ?? null }))
  .catch({ title: null, subtitle: null })

/** Any of the seven kinds of affiliation. Summaries have all fields. */
export const affiliationSchema = z
  .object({ ...activityFields, ...periodFields, 'department-name': textSchema, 'role-title': textSchema })
  .transform((fields) => ({
    ...toItem(fields),
    organization: fields.organization,
    department: fields['department-name'],
    title: fields['role-title'],
    startOn: fields['start-date'],
    endOn: fields['end-date'],
    url: fields.url,
    externalIds: fields['external-ids'],
  }))

export const workSchema = z
  .object({
    ...activityFields,
    title: titleSchema,
    'journal-title': textSchema,
    type: textSchema,
    'publication-date': fuzzyDateSchema,
  })
  .transform((fields) => ({
    ...toItem(fields),
    ...fields.title,
    journal: fields['journal-title'],
    type: fields.type,
    publishedOn: fields['publication-date'],
    url: fields.url,
    externalIds: fields['external-ids'],
  }))

export const fundingSchema = z
  .object({ ...activityFields, ...periodFields, title: titleSchema, type: textSchema })
  .transform((fields) => ({
    ...toItem(fields),
    title: fields.title.title,
    type: fields.type,
    organization: fields.organization,
    startOn: fields['start-date'],
    endOn: fields['end-date'],
    url: fields.url,
    externalIds: fields['external-ids'],
  }))

export type Affiliation = z.infer<typeof affiliationSchema>
export type Work = z.infer<typeof workSchema>
export type Funding = z.infer<typeof fundingSchema>
