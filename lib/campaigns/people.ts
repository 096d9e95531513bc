import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { hasAnswered, isConnected } from '@/lib/campaigns/audience'
import { type InvitedFilter, type InvitedFilters, invitedStates, noKind } from '@/lib/campaigns/invited'
import type { Campaign } from '@/lib/campaigns/queries'
import { Prisma, type Queryable, queryRows, withListTimeout } from '@/lib/db'
import { type Page, paginate } from '@/lib/list/pagination'
import { toPeopleCondition } from '@/lib/people/condition'
import { personKinds } from '@/lib/people/person'
import { noPeopleFilters, type PeopleCursor } from '@/lib/people/schema'

type Asked = Pick<Campaign, 'id' | 'kind' | 'scopes'>

// SQL on `invitation i` and the table `person`.

/** How far somebody has come. A refusal changes nothing here: staff must not see who refused. */
export const stateOf = (campaign: Omit<Asked, 'id'>) => Prisma.sql`case
  when ${hasAnswered(campaign)} then 'allowed'
  when ${isConnected} then 'allowed_less'
  when i.failed_at is not null then 'failed'
  else 'not_connected' end`

/** Came back from ORCID by their personal link with a permission or their iD, or is connected in whichever way. */
export const cameBack = Prisma.sql`(${isConnected} or exists (
  select from authorization_attempt a where a.invitation_id = i.id and a.state = 'saved'))`

/** As `stateOf`, in the form that PostgreSQL can estimate. */
function isIn(campaign: Asked, state: InvitedFilter): Prisma.Sql {
  switch (state) {
    case 'came_back':
      return cameBack
    case 'allowed':
      return hasAnswered(campaign)
    case 'allowed_less':
      return Prisma.sql`(${isConnected} and not ${hasAnswered(campaign)})`
    case 'failed':
      return Prisma.sql`(not ${isConnected} and i.failed_at is not null)`
    case 'not_connected':
      return Prisma.sql`(not ${isConnected} and i.failed_at is null)`
  }
}

/** Those of a campaign’s invited people whom the filters find. */
export function toInvitedCondition(actor: StaffActor, campaign: Asked, filters: InvitedFilters): Prisma.Sql {
  const { q, state, department, kind } = filters
  const people = { ...noPeopleFilters, q, department, kind: kind === noKind ? null : kind }
  const parts = [Prisma.sql`i.campaign_id = ${campaign.id}::uuid`, toPeopleCondition(actor, people, [])]
  if (kind === noKind) parts.push(Prisma.sql`kind is null`)
  if (state) parts.push(isIn(campaign, state))
  return Prisma.join(parts, ' and ')
}

const row = z.object({
  id: z.string(),
  name: z.string().nullable(),
  localId: z.string().nullable(),
  orcid: z.string().nullable(),
  department: z.string().nullable(),
  kind: z.enum(personKinds).nullable(),
  state: z.enum(invitedStates),
})
export type InvitedPerson = z.infer<typeof row>

const pageSize = 50

/** `from`: rows before this page, as far as known. */
export type InvitedPage = Page<InvitedPerson, PeopleCursor> & { from: number; count: number }

/** A page of the people who are asked in a campaign, by name, and how many match. */
export function listInvited(actor: StaffActor, campaign: Asked, filters: InvitedFilters): Promise<InvitedPage> {
  return withListTimeout(async (tx) => {
    const count = await countIn(tx, actor, campaign, filters)
    const { rows, next, previous } = await paginate<InvitedPerson, PeopleCursor>({
      size: pageSize,
      cursor: filters.cursor,
      cursorOf: ({ id, name }, go) => ({ sort: 'name', go, key: name, id, from: 0 }),
      read: (from, limit) => {
        const back = from?.go === 'previous'
        const [than, order] = [Prisma.raw(back ? '<' : '>'), Prisma.raw(back ? 'desc' : 'asc')]
        const after = from
          ? Prisma.sql`and (${toKey(Prisma.sql`name`)}, person.id) ${than} (${toKey(Prisma.sql`${from.key}::text`)}, ${from.id}::uuid)`
          : Prisma.empty
        return queryRows(
          tx,
          row,
          Prisma.sql`
            select person.id::text, name, local_id as "localId", orcid, department, kind::text, ${stateOf(campaign)} as state
            from invitation i join person on person.id = i.person_id
            where ${toInvitedCondition(actor, campaign, filters)} ${after}
            order by ${toKey(Prisma.sql`name`)} ${order}, person.id ${order} limit ${limit}`,
        )
      },
    })
    const from = previous && filters.cursor ? filters.cursor.from : 0
    return {
      rows,
      from,
      count,
      next: next && { ...next, from: from + rows.length },
      previous: previous && { ...previous, from: Math.max(0, from - pageSize) },
    }
  })
}

/** The people in a file of the list. */
export const selectInvited = (actor: StaffActor, campaign: Asked, filters: InvitedFilters): Prisma.Sql => Prisma.sql`
  select person.id, researcher_id from invitation i join person on person.id = i.person_id
  where ${toInvitedCondition(actor, campaign, filters)}`

/** The rows of a file of the list: those of a file of people, with how far each has come. */
export const selectInvitedRows = (campaign: Asked): Prisma.Sql => Prisma.sql`
  select people_row.*, ${stateOf(campaign)} as invited_state_code
  from people_row join invitation i on i.person_id = people_row.id and i.campaign_id = ${campaign.id}::uuid
    join lateral (select connection, live_scopes, expires_at from person where person.id = people_row.id) as person on true`

/** As the index of the list of people. */
const toKey = (value: Prisma.Sql) => Prisma.sql`coalesce(${value}, U&'\\FFFF') collate "und-x-icu"`

/** How many of those who are asked match. */
export const countInvited = (actor: StaffActor, campaign: Asked, filters: InvitedFilters): Promise<number> =>
  withListTimeout((tx) => countIn(tx, actor, campaign, filters))

async function countIn(tx: Queryable, actor: StaffActor, campaign: Asked, filters: InvitedFilters): Promise<number> {
  const [found] = await queryRows(
    tx,
    z.object({ count: z.number() }),
    Prisma.sql`
      select count(*)::int as count from invitation i join person on person.id = i.person_id
      where ${toInvitedCondition(actor, campaign, filters)}`,
  )
  return found?.count ?? 0
}
