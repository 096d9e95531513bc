import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { hasAnswered, isConnected } from '@/lib/campaigns/audience'
import type { Campaign } from '@/lib/campaigns/queries'
import { db, Prisma, queryRows, withListTimeout } from '@/lib/db'
import { cursorParameter, type Page, paginate, type TimeCursor, timeCursor, timeCursorOf } from '@/lib/list/pagination'
import { parseParameters, type SearchParams, toHref, toParameters } from '@/lib/list/search'

/** Whoever refused is not connected, and nothing more is said. */
export const invitedStates = ['not_connected', 'allowed', 'allowed_less', 'failed'] as const
export type InvitedState = (typeof invitedStates)[number]

const parameters = { state: z.enum(invitedStates), cursor: cursorParameter(timeCursor) }
export type InvitedFilters = { state: InvitedState | null; cursor: TimeCursor | null }

/** Ignores unknown parameters and values. */
export const parseInvitedFilters = (params: SearchParams): InvitedFilters => parseParameters(params, parameters).values

/** The address of the list of invited people with these filters. */
export const invitedHref = (campaignId: string, filters: InvitedFilters) =>
  toHref(`/staff/campaigns/${campaignId}/people`, toParameters(filters))

const stateOf = (campaign: Campaign) => Prisma.sql`case
  when ${hasAnswered(campaign)} then 'allowed'
  when ${isConnected} then 'allowed_less'
  when i.failed_at is not null then 'failed'
  else 'not_connected' end`

const row = z.object({
  id: z.string(),
  madeAt: z.date(),
  personId: z.string(),
  name: z.string().nullable(),
  localId: z.string().nullable(),
  orcid: z.string().nullable(),
  department: z.string().nullable(),
  state: z.enum(invitedStates),
  lastMailAt: z.date().nullable(),
})
export type InvitedPerson = z.infer<typeof row>

const pageSize = 50

/** A page of the people who are asked in a campaign, those invited last first. */
export function listInvited(
  _actor: StaffActor,
  campaign: Campaign,
  { state, cursor }: InvitedFilters,
): Promise<Page<InvitedPerson, TimeCursor>> {
  const ofState = state ? Prisma.sql`and ${stateOf(campaign)} = ${state}` : Prisma.empty
  return withListTimeout((tx) =>
    paginate<InvitedPerson, TimeCursor>({
      size: pageSize,
      cursor,
      cursorOf: timeCursorOf('madeAt'),
      read: (from, limit) => {
        const back = from?.go === 'previous'
        const than = Prisma.raw(back ? '>' : '<')
        const order = Prisma.raw(back ? 'asc' : 'desc')
        const after = from
          ? Prisma.sql`and (i.made_at, i.id) ${than} (${from.at}::timestamptz, ${from.id}::uuid)`
          : Prisma.empty
        return queryRows(
          tx,
          row,
          Prisma.sql`
            select i.id::text, i.made_at as "madeAt", person.id::text as "personId", name, local_id as "localId", orcid,
              department, ${stateOf(campaign)} as state, i.last_mail_at as "lastMailAt"
            from invitation i join person on person.id = i.person_id
            where i.campaign_id = ${campaign.id}::uuid and listed ${ofState} ${after}
            order by i.made_at ${order}, i.id ${order} limit ${limit}`,
        )
      },
    }),
  )
}

export type Funnel = { invited: number; mailed: number; connected: number; allowed: number }

const funnelRow = z.object({ invited: z.number(), mailed: z.number(), connected: z.number(), allowed: z.number() })

/** How far those who are asked have come. Who refused is in no number of its own. */
export async function countFunnel(_actor: StaffActor, campaign: Campaign): Promise<Funnel> {
  const [counts] = await queryRows(
    db(),
    funnelRow,
    Prisma.sql`
      select count(*)::int as invited, count(*) filter (where i.last_mail_at is not null)::int as mailed,
        count(*) filter (where ${isConnected})::int as connected,
        count(*) filter (where ${hasAnswered(campaign)})::int as allowed
      from invitation i join person on person.id = i.person_id
      where i.campaign_id = ${campaign.id}::uuid and listed`,
  )
  return counts ?? { invited: 0, mailed: 0, connected: 0, allowed: 0 }
}
