import { z } from 'zod'
import { parseOrcid } from './id'
import { workTypes } from './work-types'

/** A work as ORCID's record has it. The date is a year, a month or a day. */
export type Work = {
  type: (typeof workTypes)[number]
  title: string
  subtitle: string | null
  journalTitle: string | null
  /** The `self` identifier: ORCID takes no second work of one source with the same one. */
  externalId: { type: string; value: string; url: string | null }
  publishedOn: string | null
  url: string | null
  contributors: { name: string; role: string | null; orcid: string | null }[]
}

const inDate = (date: string | null) => {
  if (date === null) return null
  const [year = '', month, day] = date.split('-')
  return { year: { value: year }, month: month ? { value: month } : null, day: day ? { value: day } : null }
}
const inValue = (value: string | null) => (value === null ? null : { value })

/** A work in ORCID's JSON v3.0, with the put-code for an update. */
export function toWorkBody(work: Work, putCode: string | null = null) {
  const { title, subtitle, journalTitle, type, publishedOn, externalId, url, contributors } = work
  return {
    ...(putCode === null ? {} : { 'put-code': Number(putCode) }),
    title: { title: { value: title }, subtitle: inValue(subtitle) },
    'journal-title': inValue(journalTitle),
    type,
    'publication-date': inDate(publishedOn),
    'external-ids': {
      'external-id': [
        {
          'external-id-type': externalId.type,
          'external-id-value': externalId.value,
          'external-id-url': inValue(externalId.url),
          'external-id-relationship': 'self',
        },
      ],
    },
    url: inValue(url),
    contributors: {
      contributor: contributors.map(({ name, role, orcid }, index) => ({
        'contributor-orcid':
          orcid === null ? null : { uri: `https://orcid.org/${orcid}`, path: orcid, host: 'orcid.org' },
        'credit-name': { value: name },
        'contributor-attributes': {
          'contributor-sequence': index === 0 ? 'first' : 'additional',
          'contributor-role': role,
        },
      })),
    },
  }
}

const noControls = (text: string) => !/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(text)
const words = (most: number) => z.string().trim().min(1).max(most).refine(noControls, 'has characters that no text has')
const link = z.url({ protocol: /^https?$/, hostname: z.regexes.domain }).max(2_000)
const orNull = <Schema extends z.ZodType>(schema: Schema) => schema.nullish().transform((value) => value ?? null)
const contributorId = z
  .string()
  .max(100)
  .transform((text, context) => {
    const orcid = parseOrcid(text)
    if (!orcid) context.addIssue('is not an ORCID iD')
    return orcid ?? z.NEVER
  })

/** What each part of a work may be, wherever it comes from. */
export const workParts = {
  type: z.enum(workTypes),
  // title and subtitle: 1,000 characters are also the most that ORCID's own form takes.
  title: words(1_000),
  journalTitle: words(1_000),
  // Identifier types are listed at https://pub.orcid.org/v3.0/identifiers.
  idType: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,49}$/, 'is not a type of identifier'),
  idValue: words(500),
  link,
  date: z
    .string()
    .regex(/^\d{4}(-\d{2}(-\d{2})?)?$/, 'is not a year, a month or a day')
    .refine(isDate, 'is not a date'),
  name: words(150),
  role: words(100),
  orcid: contributorId,
}

/** ORCID takes years from 1900 to 2100. */
function isDate(text: string): boolean {
  const [year = 0, month = 1, day = 1] = text.split('-').map(Number)
  const date = new Date(Date.UTC(year, month - 1, day))
  return year >= 1900 && year <= 2100 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

export const contributorsMax = 50

const wrapped = (schema: z.ZodType<string>) =>
  orNull(z.strictObject({ value: schema })).transform((found): string | null => found?.value ?? null)
const datePart = wrapped(z.string().regex(/^\d{1,4}$/))

const externalIdBody = z.strictObject({
  'external-id-type': workParts.idType,
  'external-id-value': workParts.idValue,
  'external-id-url': wrapped(workParts.link),
  'external-id-relationship': z.literal('self'),
})
const contributorBody = z.strictObject({
  'contributor-orcid': orNull(
    z.strictObject({ uri: z.string().nullish(), path: workParts.orcid, host: z.string().nullish() }),
  ),
  'credit-name': z.strictObject({ value: workParts.name }),
  'contributor-email': z.null().optional(),
  'contributor-attributes': orNull(
    z.strictObject({
      'contributor-sequence': z.enum(['first', 'additional']).nullish(),
      'contributor-role': orNull(workParts.role),
    }),
  ),
})

const workBody = z.strictObject({
  'put-code': z.int().positive().nullish(),
  title: z.strictObject({
    title: z.strictObject({ value: workParts.title }),
    subtitle: wrapped(workParts.title),
    'translated-title': z.null().optional(),
  }),
  'journal-title': wrapped(workParts.journalTitle),
  'short-description': z.null().optional(),
  citation: z.null().optional(),
  type: workParts.type,
  'publication-date': orNull(z.strictObject({ year: datePart, month: datePart, day: datePart }))
    .transform((found) => {
      const parts = [found?.year, found?.month?.padStart(2, '0'), found?.day?.padStart(2, '0')]
      return found && parts[0] ? parts.filter(Boolean).join('-') : null
    })
    .pipe(workParts.date.nullable()),
  'external-ids': z.strictObject({ 'external-id': z.array(externalIdBody).length(1) }),
  url: wrapped(workParts.link),
  contributors: orNull(z.strictObject({ contributor: z.array(contributorBody).max(contributorsMax) })),
  'language-code': z.null().optional(),
  country: z.null().optional(),
  visibility: z.null().optional(),
})

export type WorkFault = { pointer: string; detail: string }

/** Reads ORCID's JSON of a work, strictly: what the portal could not write back is a fault, with a pointer (RFC 6901). */
export function fromWorkBody(json: unknown): { work: Work; putCode: string | null } | { faults: WorkFault[] } {
  const parsed = workBody.safeParse(json)
  if (!parsed.success) return { faults: listFaults(parsed.error) }
  const body = parsed.data
  const [id] = body['external-ids']['external-id']
  if (!id) return { faults: [{ pointer: '/external-ids', detail: 'is missing' }] }
  const work: Work = {
    type: body.type,
    title: body.title.title.value,
    subtitle: body.title.subtitle,
    journalTitle: body['journal-title'],
    externalId: {
      type: id['external-id-type'],
      value: tidyId(id['external-id-type'], id['external-id-value']),
      url: id['external-id-url'],
    },
    publishedOn: body['publication-date'],
    url: body.url,
    contributors: (body.contributors?.contributor ?? []).map((one) => ({
      name: one['credit-name'].value,
      role: one['contributor-attributes']?.['contributor-role'] ?? null,
      orcid: one['contributor-orcid']?.path ?? null,
    })),
  }
  return { work, putCode: body['put-code'] == null ? null : String(body['put-code']) }
}

/** Each fault with its pointer; each name that is not known with its own. */
function listFaults(error: z.ZodError): WorkFault[] {
  return error.issues.flatMap((issue) => {
    const at = (path: readonly PropertyKey[]) =>
      path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
    if (issue.code !== 'unrecognized_keys') return [{ pointer: at(issue.path), detail: issue.message }]
    return issue.keys.map((key) => ({ pointer: at([...issue.path, key]), detail: 'cannot be written by the portal' }))
  })
}

/** A DOI alone, wherever it was copied from: ORCID compares them so. */
export const tidyId = (type: string, value: string) =>
  type === 'doi' ? value.replace(/^(?:https?:\/\/(?:dx\.)?doi\.org\/|doi:\s*)/i, '') : value
