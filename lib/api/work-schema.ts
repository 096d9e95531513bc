import { z } from '@hono/zod-openapi'
import { affiliationStates } from '@/lib/affiliations/affiliation'
import { personId, problemSchema } from '@/lib/api/schema'
import { contributorsMax, workParts } from '@/lib/orcid/work'

const time = z.iso.datetime({ offset: true })

export const worksMax = 100

// Schemas made before the library of OpenAPI was loaded cannot be described; a copy can.
const parts = Object.fromEntries(
  Object.entries(workParts).map(([name, schema]) => [name, schema.clone()]),
) as typeof workParts

const orcid = parts.orcid.openapi({ type: 'string', description: 'An ORCID iD, alone or as a URI.' })

const type = parts.type.openapi({
  description: 'One of ORCID’s types of works. `undefined` is one of them: a work of no known type.',
})

const workFields = {
  identifier: z
    .strictObject({
      type: parts.idType.openapi({
        description: 'As https://pub.orcid.org/v3.0/identifiers lists them.',
        example: 'doi',
      }),
      value: parts.idValue.openapi({ example: '10.1000/182' }),
      url: parts.link.nullish(),
    })
    .openapi({ description: 'A work that is on the record with the same identifier is not added again.' }),
  type,
  title: parts.title,
  subtitle: parts.title.nullish(),
  journal: parts.journalTitle.nullish(),
  date: parts.date.nullish().openapi({ description: 'Of publication: a year, a month or a day.' }),
  url: parts.link.nullish(),
  contributors: z
    .array(
      z.strictObject({
        name: parts.name,
        role: parts.role.nullish().openapi({ example: 'author' }),
        orcid: orcid.nullish(),
      }),
    )
    .max(contributorsMax)
    .nullish(),
}

export const newWorkSchema = z.strictObject({ person_id: personId, ...workFields }).openapi('NewWork')

/** One, or several that are each added or refused. */
export const newWorksSchema = z.union([newWorkSchema, z.array(newWorkSchema).min(1).max(worksMax)])

export const changedWorkSchema = z.strictObject(workFields).openapi('ChangedWork')

export const workSchema = z
  .strictObject({
    id: z.uuid(),
    person_id: personId,
    identifier: z.strictObject({ type: z.string(), value: z.string(), url: z.string().nullable() }),
    type,
    title: z.string(),
    subtitle: z.string().nullable(),
    journal: z.string().nullable(),
    date: z.string().nullable(),
    url: z.string().nullable(),
    contributors: z.array(
      z.strictObject({ name: z.string(), role: z.string().nullable(), orcid: z.string().nullable() }),
    ),
    state: z.enum(affiliationStates).openapi({
      description:
        '`waiting_for_answer`: the person is asked. `already_there`: the person has it from somebody else, and nothing is ' +
        'added. The others are as for affiliations.',
    }),
    reason: z.string().nullable(),
    put_code: z.string().nullable().openapi({ description: 'ORCID’s number of the work.' }),
    added_at: time,
    changed_at: time,
    written_at: time.nullable().openapi({ description: 'When ORCID last confirmed it.' }),
  })
  .openapi('Work')

export const workResultSchema = z
  .union([z.strictObject({ work: workSchema }), z.strictObject({ problem: problemSchema })])
  .openapi('WorkResult')

export const workResultsSchema = z.strictObject({ results: z.array(workResultSchema) }).openapi('WorkResults')

export const worksPageSchema = z
  .strictObject({ items: z.array(workSchema), next_cursor: z.string().nullable() })
  .openapi('WorksPage')
