import { z } from '@hono/zod-openapi'
import { affiliationKinds, affiliationStates } from '@/lib/affiliations/affiliation'
import { problems } from '@/lib/api/problem'
import { parseOrcid } from '@/lib/orcid/id'
import { personKinds } from '@/lib/people/person'

const time = z.iso.datetime({ offset: true })
const fuzzyDate = z.string().regex(/^\d{4}(-\d{2}(-\d{2})?)?$/)

export const personId = z.uuid().openapi({ description: 'Our id of a person. It says nothing and never changes.' })
const cursor = z.string().min(1).max(1_000)

export { cursor as pageCursorText }

export const orcidParameter = z
  .string()
  .max(100)
  .transform((text, context) => {
    const orcid = parseOrcid(text)
    if (!orcid) context.addIssue('is not an ORCID iD')
    return orcid ?? z.NEVER
  })
  .openapi({ type: 'string', description: 'An ORCID iD, alone or as a URI.', example: '0000-0002-1825-0097' })

export const limit = (most: number, usual: number) =>
  z.coerce.number().int().min(1).max(most).default(usual).openapi({
    type: 'integer',
    minimum: 1,
    maximum: most,
    default: usual,
    description: 'How many at most.',
  })

/** Of `GET /people`. */
export const peopleQuery = z.strictObject({
  local_id: z
    .string()
    .min(1)
    .max(200)
    .refine((text) => !/[\p{Cc}\p{Cs}]/u.test(text), 'has characters that no identifier has')
    .optional()
    .openapi({ description: 'The institution’s identifier of one person. Leading zeros count.' }),
  orcid: orcidParameter.optional(),
  cursor: cursor.optional().openapi({ description: '`next_cursor` of the page before.' }),
  limit: limit(1_000, 100),
})

/** Of `GET /people/changes`. */
export const changesQuery = z.strictObject({
  updated_since: cursor.openapi({ description: '`changes_cursor` of the list, or of the last answer of this kind.' }),
  limit: limit(1_000, 100),
})

export const personSchema = z
  .strictObject({
    id: personId,
    local_id: z.string().nullable().openapi({ description: 'The institution’s identifier, as text.' }),
    name: z.string().nullable().openapi({ description: 'As the institution has it, else as it is public at ORCID.' }),
    department: z.string().nullable().openapi({
      description: 'A path.',
      example: 'Faculty of Science / Physics',
    }),
    kind: z.enum(personKinds).nullable(),
    orcid: z.strictObject({
      uri: z.url().openapi({ example: 'https://orcid.org/0000-0002-1825-0097' }),
      path: z.string().openapi({ example: '0000-0002-1825-0097' }),
      authenticated: z.literal(true).openapi({ description: 'The person signed in at ORCID. No other iD is given.' }),
      since: time,
    }),
    permissions: z
      .array(z.strictObject({ scope: z.string(), since: time, until: time.nullable() }))
      .openapi({ description: 'What the person allows the institution now, as ORCID’s scopes.' }),
    connected_since: time.nullable(),
  })
  .openapi('Person')

export const tombstoneSchema = z
  .strictObject({
    id: personId,
    deleted: z.literal(true),
    reason: z.enum(['erased', 'merged', 'not_covered']).openapi({
      description:
        '`erased`: delete all that you keep of this person. `merged`: `replaced_by` has taken the place of this entry. ' +
        '`not_covered`: you may not see this person any more; nothing says why. The id may be one that you never had.',
    }),
    replaced_by: personId.nullable(),
  })
  .openapi('Tombstone')

export const peoplePageSchema = z
  .strictObject({
    items: z.array(personSchema),
    next_cursor: z.string().nullable().openapi({ description: 'Of the next page; null on the last one.' }),
    changes_cursor: z.string().openapi({
      description: 'For `GET /people/changes`: what changed since the first page was read.',
    }),
  })
  .openapi('PeoplePage')

export const changesPageSchema = z
  .strictObject({
    items: z.array(z.union([personSchema, tombstoneSchema])),
    changes_cursor: z.string().openapi({ description: 'Keep it, and send it the next time.' }),
    has_more: z.boolean().openapi({ description: 'There may be more now: ask again at once.' }),
  })
  .openapi('ChangesPage')

const itemFields = {
  type: z.enum(affiliationKinds),
  title: z.string().min(1).max(4_000),
  department: z.string().max(4_000).nullish(),
  start_date: fuzzyDate.nullish().openapi({ description: 'A year, a month or a day.' }),
  end_date: fuzzyDate.nullish(),
  url: z.url().max(2_000).nullish(),
}

const externalId = z.string().min(1).max(255).openapi({
  description: 'Your identifier of the item. ORCID shows it, and takes no second item with the same one.',
})

export const newAffiliationSchema = z
  .strictObject({ person_id: personId, external_id: externalId.optional(), ...itemFields })
  .openapi('NewAffiliation')

export const changedAffiliationSchema = z.strictObject(itemFields).openapi('ChangedAffiliation')

export const affiliationSchema = z
  .strictObject({
    id: z.uuid(),
    person_id: personId,
    type: z.enum(affiliationKinds),
    external_id: z.string(),
    title: z.string(),
    department: z.string().nullable(),
    start_date: z.string().nullable(),
    end_date: z.string().nullable(),
    url: z.string().nullable(),
    state: z.enum(affiliationStates).openapi({
      description:
        '`pending`, `updating`, `deleting` and `waiting_for_orcid`: it is being done. `in_orcid`: it is on the record as ' +
        'you sent it. `refused`: see `reason`. `deleted_by_person`: the person removed it at ORCID; it stays removed. The ' +
        'others wait for the person.',
    }),
    reason: z.string().nullable(),
    put_code: z.string().nullable().openapi({ description: 'ORCID’s number of the item.' }),
    added_at: time,
    changed_at: time,
    written_at: time.nullable().openapi({ description: 'When ORCID last confirmed it.' }),
  })
  .openapi('Affiliation')

export const affiliationsQuery = z.strictObject({
  person_id: personId.optional(),
  cursor: cursor.optional().openapi({ description: '`next_cursor` of the page before.' }),
  limit: limit(500, 100),
})

export const affiliationsPageSchema = z
  .strictObject({ items: z.array(affiliationSchema), next_cursor: z.string().nullable() })
  .openapi('AffiliationsPage')

const share = {
  people: z.int().openapi({ description: 'On the institution’s list, and neither paused nor gone.' }),
  with_id: z.int().openapi({ description: 'Of these, those with an authenticated iD whom you may see.' }),
}

export const coverageSchema = z
  .strictObject({
    ...share,
    groups: z.array(
      z.strictObject({ department: z.string().nullable(), kind: z.enum(personKinds).nullable(), ...share }),
    ),
  })
  .openapi('Coverage')

export const problemSchema = z
  .strictObject({
    type: z.string().openapi({ description: 'Where the page for developers explains it.' }),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(problems) as [keyof typeof problems]),
    detail: z.string().optional(),
    errors: z
      .array(
        z.strictObject({
          pointer: z.string().optional().openapi({ description: 'A part of the body (RFC 6901).' }),
          parameter: z.string().optional().openapi({ description: 'A parameter of the address, or a header.' }),
          detail: z.string(),
        }),
      )
      .optional(),
    instance: z.string().optional().openapi({ description: 'A reference to quote to us.' }),
  })
  .openapi('Problem')
