import { z } from 'zod'

// ORCID's API v3.0 writes absent values as `null` and wraps most others as `{"value": …}`
// (https://github.com/ORCID/orcid-model, record_3.0). Malformed values count as absent; `raw` keeps them.

/** Control characters would split log lines or reverse a page's text direction. */
const toText = (text: string | null | undefined) =>
  text?.replace(/[\p{Cc}\u202A-\u202E\u2066-\u2069]+/gu, ' ').trim() || null

const wrapped = <T extends z.ZodType>(inner: T) => z.union([inner, z.object({ value: inner.nullish() })]).nullish()

export const textSchema = wrapped(z.string())
  .transform((text) => toText(typeof text === 'object' ? text?.value : text))
  .catch(null)

/** `display-index` is a number or text. */
export const numberSchema = z.coerce.number().int().nullable().catch(null)

export const booleanSchema = z.boolean().catch(false)

export const timeSchema = wrapped(z.number().int())
  .transform((time) => {
    const at = new Date((typeof time === 'object' ? time?.value : time) ?? Number.NaN)
    return Number.isNaN(at.getTime()) ? null : at
  })
  .catch(null)

/** Accepts only http(s): records may contain `javascript:` links. */
export const urlSchema = textSchema.transform((text) => {
  if (!text || !URL.canParse(text)) return null
  const { protocol, href } = new URL(text)
  return protocol === 'https:' || protocol === 'http:' ? href : null
})

const partSchema = (digits: number) =>
  textSchema.transform((text) => (text && /^\d{1,4}$/.test(text) ? text.padStart(digits, '0') : null))

/** May lack the day, or day and month: `2020-03-01`, `2020-03` or `2020`. */
export const fuzzyDateSchema = z
  .object({ year: partSchema(4), month: partSchema(2), day: partSchema(2) })
  .partial()
  .nullish()
  .transform((date) => {
    const { year, month, day } = date ?? {}
    if (!year) return null
    if (!month || Number(month) < 1 || Number(month) > 12) return year
    return day && isDay(`${year}-${month}-${day}`) ? `${year}-${month}-${day}` : `${year}-${month}`
  })
  .catch(null)

function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
}

const pathSchema = z
  .object({ path: textSchema })
  .nullish()
  .transform((identifier) => identifier?.path ?? null)
  .catch(null)

/** The person or client that added the item. */
export const sourceSchema = z
  .object({
    'source-orcid': pathSchema,
    'source-client-id': pathSchema,
    'source-name': textSchema,
    'assertion-origin-name': textSchema,
  })
  .partial()
  .nullish()
  .transform((source) =>
    source
      ? {
          orcid: source['source-orcid'] ?? null,
          clientId: source['source-client-id'] ?? null,
          name: source['source-name'] ?? null,
          onBehalfOf: source['assertion-origin-name'] ?? null,
        }
      : null,
  )
  .catch(null)

export const visibilitySchema = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['public', 'limited', 'registered-only', 'private']))
  .nullable()
  .catch(null)

/** Skips unreadable elements. Returns an empty list for anything but an array. */
export const listSchema = <T extends z.ZodType>(item: T) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((items) =>
      items.flatMap((one) => {
        const parsed = item.safeParse(one)
        return parsed.success ? [parsed.data] : []
      }),
    )
