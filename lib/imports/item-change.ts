import { z } from 'zod'
import { itemKinds } from '@/lib/affiliations/affiliation'

const text = z.string().nullable().optional()

/** What a row changes about an item, or what the item was before. */
export const itemChange = z.object({
  kind: z.enum(itemKinds).optional(),
  externalId: z.string().optional(),
  title: z.string().optional(),
  department: text,
  startOn: text,
  endOn: text,
  url: text,
  /** Of a work. */
  work: z.unknown().optional(),
  /** It had been removed, and was written again. */
  removal: z.enum(['staff', 'person']).optional(),
})
export type ItemChange = z.infer<typeof itemChange>

/** Longer than a statement of a page may take. */
export const saveMs = 300_000
export const rowsPerBatch = 1_000
