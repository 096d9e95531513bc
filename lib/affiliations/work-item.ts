import { z } from 'zod'
import type { AffiliationItem } from '@/lib/affiliations/affiliation'
import { tidyId, type Work } from '@/lib/orcid/work'
import { workTypes } from '@/lib/orcid/work-types'

/** The column `work`. */
const workColumn = z.object({
  type: z.enum(workTypes),
  subtitle: z.string().nullable(),
  journalTitle: z.string().nullable(),
  idUrl: z.string().nullable(),
  contributors: z.array(z.object({ name: z.string(), role: z.string().nullable(), orcid: z.string().nullable() })),
})

/** A work as an item. */
export function toWorkItem(work: Work): AffiliationItem {
  const { title, externalId, publishedOn, url, type, subtitle, journalTitle, contributors } = work
  const column: z.infer<typeof workColumn> = { type, subtitle, journalTitle, idUrl: externalId.url, contributors }
  return {
    kind: 'work',
    externalId: `${externalId.type}:${externalId.value}`,
    title,
    department: null,
    startOn: publishedOn,
    endOn: null,
    url,
    work: column,
  }
}

/** What `work` holds of a work, in the words of a file of works. */
export function toWorkCells(work: unknown): Record<'type' | 'subtitle' | 'journal' | 'contributors', string | null> {
  const { type, subtitle, journalTitle, contributors } = workColumn.parse(work)
  const people = contributors.map(({ name, role, orcid }) =>
    [name, role && `(${role})`, orcid && `[${orcid}]`].filter(Boolean).join(' '),
  )
  return { type, subtitle, journal: journalTitle, contributors: people.join('; ') || null }
}

/** An item as a work; null for an affiliation. */
export function toWork({ kind, externalId, title, startOn, url, work }: AffiliationItem): Work | null {
  if (kind !== 'work') return null
  const { idUrl, ...column } = workColumn.parse(work)
  const end = externalId.indexOf(':')
  const id = { type: externalId.slice(0, end), value: externalId.slice(end + 1), url: idUrl }
  return { ...column, title, publishedOn: startOn, url, externalId: id }
}

const value = z.object({ value: z.string() }).nullish()
const summary = z
  .object({
    'put-code': z.union([z.number(), z.string()]).transform(String),
    source: z.object({ 'source-client-id': z.object({ path: z.string() }).nullish() }).nullish(),
    title: z.object({ title: value, subtitle: value }).nullish(),
    'publication-date': z.object({ year: value, month: value, day: value }).nullish(),
    'external-ids': z
      .object({
        'external-id': z
          .array(
            z.object({
              'external-id-type': z.string(),
              'external-id-value': z.string(),
              'external-id-normalized': value,
              'external-id-relationship': z.string().nullish(),
            }),
          )
          .nullish(),
      })
      .nullish(),
  })
  .transform((found) => {
    const date = found['publication-date']
    const parts = [date?.year?.value, date?.month?.value, date?.day?.value]
    return {
      putCode: found['put-code'],
      clientId: found.source?.['source-client-id']?.path ?? null,
      title: found.title?.title?.value ?? null,
      department: null,
      startOn: parts.filter(Boolean).join('-') || null,
      endOn: null,
      externalIds: (found['external-ids']?.['external-id'] ?? [])
        .filter((id) => id['external-id-relationship'] === 'self')
        .map((id) => {
          const type = id['external-id-type']
          return `${type}:${tidyId(type, (id['external-id-normalized']?.value || id['external-id-value']).trim())}`
        }),
    }
  })

const list = z.object({ group: z.array(z.object({ 'work-summary': z.array(summary).nullish() })).nullish() })

/** The works in ORCID's list of them; null if the answer has another form. */
export function parseWorks(body: unknown) {
  const parsed = list.safeParse(body)
  return parsed.success ? (parsed.data.group ?? []).flatMap((group) => group['work-summary'] ?? []) : null
}
