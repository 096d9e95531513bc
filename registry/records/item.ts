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

/** What a record consists of besides the name, each with the path of its items. */
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
  // No path of the API reads it: domains are told by `/summary` alone.
  'email-domain',
] as const
export type Section = (typeof SECTIONS)[number]

export const visibilitySchema = z.enum(['public', 'limited', 'private'])
export type Visibility = z.infer<typeof visibilitySchema>

export const itemSchema = z.strictObject({
  putCode: z.int(),
  orcid: z.string(),
  section: z.enum(SECTIONS),
  visibility: visibilitySchema,
  /** The client that wrote it; null when the person did. */
  source: z.strictObject({ clientId: z.string(), name: z.string() }).nullable(),
  /** Milliseconds since 1970. */
  createdAt: z.number(),
  modifiedAt: z.number(),
  displayIndex: z.int(),
  /** The fields of this kind of item as ORCID's JSON names them, without those that every item has. */
  content: z.record(z.string(), z.json()),
})

export type Json = z.infer<ReturnType<typeof z.json>>
export type JsonObject = { [key: string]: Json }
export type Item = z.infer<typeof itemSchema>
