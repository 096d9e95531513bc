import { z } from '@hono/zod-openapi'
import { parseOrcid } from '@/lib/orcid/id'

export const orcid = z
  .string()
  .refine((text) => parseOrcid(text) === text, 'is not an ORCID iD')
  .openapi({ description: 'An ORCID iD.', example: '0000-0002-1825-0097' })
export const putCode = z
  .string()
  .regex(/^[1-9]\d{0,18}$/, 'is not a put-code')
  .openapi({ description: 'ORCID’s number of an item.' })
export const putCodes = z
  .string()
  .regex(/^[1-9]\d{0,18}(,[1-9]\d{0,18}){0,99}$/, 'is not a put-code')
  .openapi({ description: 'ORCID’s number of an item; of `works`, up to 100 with commas between them.' })
export const sectionOf = (names: readonly string[]) => z.enum(names as [string, ...string[]])
