import { z } from 'zod'

/**
 * How ORCID's API v3.0 writes values in JSON: absent ones as `null`, most of them wrapped as `{"value": …}`
 * (https://github.com/ORCID/orcid-model, record_3.0). Whatever has another form than the schema says is read as absent:
 * a record is shown as far as it can be, and `raw` keeps what was sent.
 */

/** Control characters would split a log line or turn a page's direction of reading. */
const toText = (text: string | null | undefined) =>
  text?.replace(/[\p{Cc}\u202A-\u202E\u2066-\u2069]+/gu, ' ').trim() || null

const wrapped = <T extends z.ZodType>(inner: T) => z.union([inner, z.object({ value: inner.nullish() })]).nullish()

/** Text, bare or wrapped; null when there is none. */
export const textSchema = wrapped(z.string())
  .transform((text) => toText(typeof text === 'object' ? text?.value : text))
  .catch(null)

/** A number, as such or as text: `display-index` is either, and put-codes are larger than some languages' integers. */
export const numberSchema = z.coerce.number().int().nullable().catch(null)

export const booleanSchema = z.boolean().catch(false)

/** Milliseconds since 1970. */
export const timeSchema = wrapped(z.number().int())
  .transform((time) => {
    const at = new Date((typeof time === 'object' ? time?.value : time) ?? Number.NaN)
    return Number.isNaN(at.getTime()) ? null : at
  })
  .catch(null)

/** An address that a page may link to. Anybody may write anything into a record, `javascript:` too. */
export const urlSchema = textSchema.transform((text) => {
  if (!text || !URL.canParse(text)) return null
  const { protocol, href } = new URL(text)
  return protocol === 'https:' || protocol === 'http:' ? href : null
})

const partSchema = (digits: number) =>
  textSchema.transform((text) => (text && /^\d{1,4}$/.test(text) ? text.padStart(digits, '0') : null))

/** A date that may lack its day, or its day and month: `2020-03-01`, `2020-03` or `2020`. */
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

/** An ORCID identifier or a client's: `{uri, path, host}`; the path says which. */
const pathSchema = z
  .object({ path: textSchema })
  .nullish()
  .transform((identifier) => identifier?.path ?? null)
  .catch(null)

/** Who put an item there: the person, or a client. */
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

/** Who may see an item, as the person set it. */
export const visibilitySchema = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['public', 'limited', 'registered-only', 'private']))
  .nullable()
  .catch(null)

/** The elements of a list that can be read, in ORCID's order. What is no list is an empty one. */
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
