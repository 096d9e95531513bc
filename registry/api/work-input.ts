import { z } from 'zod'
import type { JsonObject } from '../records/item'
import { ApiError } from './api-error'
import { fuzzyDateSchema, normaliseDate } from './fuzzy-date'
import { WORK_TYPES } from './work-types'

const optional = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? null)
const text = z.object({ value: z.string().max(5000) })
/** ORCID reads a bare string too; its own samples have both. */
const words = z.union([z.string().transform((value) => ({ value })), text])

const RELATIONSHIPS = ['self', 'part-of', 'version-of', 'funded-by'] as const

// work-3.0.xsd of github.com/ORCID/orcid-model.
const workSchema = z.object({
  'put-code': optional(z.int()),
  visibility: optional(z.enum(['public', 'limited', 'private'])),
  title: optional(
    z.object({
      title: optional(text),
      subtitle: optional(words),
      'translated-title': optional(z.object({ value: optional(z.string()), 'language-code': optional(z.string()) })),
    }),
  ),
  'journal-title': optional(text),
  'short-description': optional(z.string().max(5000)),
  citation: optional(z.object({ 'citation-type': z.string(), 'citation-value': z.string() })),
  type: optional(z.string()),
  'publication-date': optional(fuzzyDateSchema),
  'external-ids': optional(
    z.object({
      'external-id': z.array(
        z.object({
          'external-id-type': z.string().min(1),
          'external-id-value': z.string().min(1),
          'external-id-url': optional(z.object({ value: z.string() })),
          'external-id-relationship': optional(z.enum(RELATIONSHIPS)),
        }),
      ),
    }),
  ),
  url: optional(z.object({ value: z.string() })),
  contributors: optional(
    z.object({
      contributor: z.array(
        z.object({
          'contributor-orcid': optional(
            z.object({ uri: optional(z.string()), path: z.string(), host: optional(z.string()) }),
          ),
          'credit-name': optional(z.object({ value: z.string().max(150) })),
          'contributor-email': optional(z.string()),
          'contributor-attributes': optional(
            z.object({
              'contributor-sequence': optional(z.enum(['first', 'additional'])),
              'contributor-role': optional(z.string()),
            }),
          ),
        }),
      ),
    }),
  ),
  'language-code': optional(z.string()),
  country: optional(z.object({ value: z.string() })),
})

export type WorkInput = { putCode: number | null; visibility: string | null; content: JsonObject }

/** Parses and checks one work as ORCID's `ActivityValidator.java` does; returns the content to store. */
export function checkWork(json: unknown): WorkInput {
  const given = workSchema.safeParse(json)
  if (!given.success) {
    const [issue] = given.error.issues
    throw new ApiError('9047', { values: { error: `${issue?.path.join('.')}: ${issue?.message}` } })
  }
  const { 'put-code': putCode, visibility, ...fields } = given.data
  if (!fields.title?.title?.value.trim()) throw new ApiError('9022')
  const { type } = fields
  if (type === null || !WORK_TYPES.includes(type)) {
    throw new ApiError('9037', { values: { type: 'work type', values: WORK_TYPES.join(', ') } })
  }
  const ids = fields['external-ids']?.['external-id'] ?? []
  if (!ids.some((id) => id['external-id-relationship'] === 'self')) throw new ApiError('9023')
  const date = fields['publication-date']
  const content = { ...fields, 'publication-date': date === null ? null : normaliseDate(date) }
  return { putCode, visibility, content }
}

/** The body of a request as JSON. */
export function parseBody(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw new ApiError('9001')
  }
}
