import { z } from 'zod'

export const AFFILIATIONS = [
  'distinction',
  'education',
  'employment',
  'invited-position',
  'membership',
  'qualification',
  'service',
] as const
export type Affiliation = (typeof AFFILIATIONS)[number]

/** Sections besides the name, with the paths of their items. */
export const SECTIONS = [
  ...AFFILIATIONS,
  'work',
  'funding',
  'other-names',
  'keywords',
  'researcher-urls',
  'external-identifiers',
  'address',
  'email',
  'biography',
  // The API has no path for it: only `/summary` shows domains.
  'email-domain',
] as const
export type Section = (typeof SECTIONS)[number]

export const visibilitySchema = z.enum(['public', 'limited', 'private'])
export type Visibility = z.infer<typeof visibilitySchema>

const clientSchema = { clientId: z.string(), name: z.string() }

export const itemSchema = z.strictObject({
  putCode: z.int(),
  orcid: z.string(),
  section: z.enum(SECTIONS),
  visibility: visibilitySchema,
  /** The client that wrote it, and on whose behalf; null for the person. */
  source: z.strictObject({ ...clientSchema, origin: z.strictObject(clientSchema).nullish() }).nullable(),
  /** Milliseconds since 1970. */
  createdAt: z.number(),
  modifiedAt: z.number(),
  displayIndex: z.int(),
  /** The specific fields of this kind, as in ORCID's JSON. */
  content: z.record(z.string(), z.json()),
})

export type Json = z.infer<ReturnType<typeof z.json>>
export type JsonObject = { [key: string]: Json }
export type Item = z.infer<typeof itemSchema>
