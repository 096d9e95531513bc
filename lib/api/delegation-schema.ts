import { z } from '@hono/zod-openapi'
import { limit, orcidParameter, pageCursorText, personId } from '@/lib/api/schema'

const time = z.iso.datetime({ offset: true })

/** Of `POST /delegations`. */
export const newDelegationSchema = z
  .strictObject({ person_id: personId.optional(), orcid: orcidParameter.optional() })
  .refine(({ person_id, orcid }) => (person_id === undefined) !== (orcid === undefined), 'send person_id or orcid')
  .openapi('NewDelegation')

export const delegationSchema = z
  .strictObject({
    id: z.uuid(),
    person_id: personId,
    orcid: z.url(),
    receiver: z.string().openapi({ description: 'The client id of the member of ORCID that it is for.' }),
    scopes: z.array(z.string()).openapi({
      description:
        'What the person allowed the institution then. At ORCID the receiver gets all that they allow when it asks, or ' +
        'what it asks for of that.',
    }),
    released_at: time,
  })
  .openapi('Delegation')

export const releaseSchema = delegationSchema
  .extend({
    id_token: z.string().openapi({
      description:
        'It opens the person’s record for every member that ORCID lets exchange it, also after `expires_at`. Keep it like ' +
        'a password. It is given once and kept nowhere here.',
    }),
    expires_at: time.openapi({
      description: 'ORCID does not look at it: the id_token works as long as the permission.',
    }),
    exchange: z
      .strictObject({
        token_endpoint: z.url(),
        grant_type: z.string(),
        subject_token_type: z.string(),
        requested_token_type: z.string(),
      })
      .openapi({
        description:
          'What the receiver posts there with `subject_token`, its own client id and its secret. The token that it gets ' +
          'lasts an hour.',
      }),
  })
  .openapi('Release')

export const delegationsQuery = z.strictObject({
  person_id: personId.optional(),
  cursor: pageCursorText.optional().openapi({ description: '`next_cursor` of the page before.' }),
  limit: limit(500, 100),
})

export const delegationsPageSchema = z
  .strictObject({
    items: z.array(
      delegationSchema.extend({
        ended_at: time.nullable().openapi({ description: 'When the person’s permission ended.' }),
      }),
    ),
    next_cursor: z.string().nullable(),
  })
  .openapi('DelegationsPage')
