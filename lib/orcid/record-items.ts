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

/** What every item of a record has (`element-summary` of common-3.0.xsd). */
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

/** An item without its content is none. */
const needed = textSchema.refine((text) => text !== null).transform((text) => text ?? '')

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
  .object({ content: needed, visibility: visibilitySchema })
  .nullish()
  .transform((biography) => biography ?? null)
  .catch(null)

/** Other names and keywords. */
export const wordSchema = z
  .object({ ...commonFields, content: needed })
  .transform((fields) => ({ ...toItem(fields), content: fields.content }))

export const emailSchema = z
  .object({ ...commonFields, email: needed, verified: booleanSchema, primary: booleanSchema })
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
  .object({ ...commonFields, country: needed })
  .transform((fields) => ({ ...toItem(fields), country: fields.country }))

const idFields = {
  'external-id-type': needed,
  'external-id-value': needed,
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

/** An identifier of the person, such as one of another system. */
export const personIdSchema = z
  .object({ ...commonFields, ...idFields })
  .transform((fields) => ({ ...toItem(fields), ...toExternalId(fields) }))

/** The identifiers of an activity or of a group of activities. */
export const externalIdsSchema = z
  .object({ 'external-id': listSchema(z.object(idFields).transform(toExternalId)) })
  .nullish()
  .transform((ids) => ids?.['external-id'] ?? [])
  .catch([])

const absent = { city: null, region: null, country: null }

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
    const known = organization['disambiguated-organization']
    return {
      name: organization.name,
      ...(organization.address ?? absent),
      id: known?.['disambiguated-organization-identifier'] ?? null,
      idSource: known?.['disambiguation-source'] ?? null,
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

/** An employment, education, or another of the seven kinds of affiliation; a summary has all of its fields. */
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
