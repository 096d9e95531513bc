import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { bouncing, type PlacedStep } from '@/lib/campaigns/campaign'
import { db, Prisma, queryRows } from '@/lib/db'
import { countCached } from '@/lib/figures/cached-count'

const member = { select: { id: true, name: true, orcid: true } } as const

const shown = {
  id: true,
  name: true,
  kind: true,
  state: true,
  code: true,
  purpose: true,
  audience: true,
  scopes: true,
  startsOn: true,
  endsOn: true,
  newcomersAfterDays: true,
  newcomersPerDay: true,
  mailMerge: true,
  informed: true,
  informedAt: true,
  informedBy: member,
  madeAt: true,
  changedAt: true,
  openedAt: true,
  invitedAt: true,
  pausedAt: true,
  pauseReason: true,
  closedAt: true,
  texts: { select: { locale: true, why: true, reasons: true } },
  steps: {
    orderBy: { place: 'asc' },
    select: { place: true, template: true, afterDays: true, audience: true, times: true },
  },
} satisfies Prisma.CampaignSelect

type Row = Prisma.CampaignGetPayload<{ select: typeof shown }>

/** A campaign's words in one language. `reasons`: by scope. */
export type CampaignText = { locale: string; why: string; reasons: Record<string, string> }

export type Campaign = Omit<Row, 'startsOn' | 'endsOn' | 'texts' | 'steps'> & {
  /** As `2026-11-30`. */
  startsOn: string | null
  endsOn: string | null
  texts: CampaignText[]
  steps: PlacedStep[]
}

const reasonsOf = z.record(z.string(), z.string()).catch({})
const toDayText = (date: Date | null) => date?.toISOString().slice(0, 10) ?? null

const toCampaign = (row: Row): Campaign => ({
  ...row,
  startsOn: toDayText(row.startsOn),
  endsOn: toDayText(row.endsOn),
  texts: row.texts.map((text) => ({ ...text, reasons: reasonsOf.parse(text.reasons) })),
})

/** A campaign, or null. */
export async function findCampaign(id: string): Promise<Campaign | null> {
  if (!z.uuid().safeParse(id).success) return null
  const row = await db().campaign.findUnique({ where: { id }, select: shown })
  return row && toCampaign(row)
}

/** The campaigns that are open: for the timetable. */
export async function listOpenCampaigns(): Promise<Campaign[]> {
  const rows = await db().campaign.findMany({ where: { state: 'open' }, orderBy: { openedAt: 'asc' }, select: shown })
  return rows.map(toCampaign)
}

/** Fewer refusals than this are not told apart. */
export const refusalsLeast = 10

/** How many of those invited have refused at ORCID; null for fewer than ten. */
export async function findRefusals(_actor: StaffActor, id: string): Promise<number | null> {
  const row = await db().campaign.findUnique({ where: { id }, select: { refusals: true } })
  return row && row.refusals >= refusalsLeast ? row.refusals : null
}

/** How many are invited, and how many of them are connected now. Nobody's refusal is a number of its own. */
export type Progress = { invited: number; connected: number }

export type ListedCampaign = Pick<
  Campaign,
  'id' | 'name' | 'kind' | 'state' | 'startsOn' | 'endsOn' | 'openedAt' | 'audience'
> &
  Progress

const campaignsShown = 200

/** The campaigns, newest first. */
export async function listCampaigns(_actor: StaffActor): Promise<ListedCampaign[]> {
  const rows = await db().campaign.findMany({
    orderBy: [{ madeAt: 'desc' }, { id: 'asc' }],
    take: campaignsShown,
    select: shown,
  })
  const progress = await countProgress(rows.map(({ id }) => id))
  return rows.map((row) => {
    const { id, name, kind, state, startsOn, endsOn, openedAt, audience } = toCampaign(row)
    return { id, name, kind, state, startsOn, endsOn, openedAt, audience, ...(progress.get(id) ?? noProgress) }
  })
}

const noProgress: Progress = { invited: 0, connected: 0 }

const progressRow = z.object({ id: z.string(), invited: z.number(), connected: z.number() })

/** Progress by campaign, without those who are in no list; as it was kept where the people are forgotten. */
export async function countProgress(ids: readonly string[]): Promise<Map<string, Progress>> {
  if (ids.length === 0) return new Map()
  const kept = await queryRows(
    db(),
    progressRow,
    Prisma.sql`
      select campaign_id as id, invited, allowed + allowed_less as connected from campaign_figure
      where campaign_id = any(${[...ids]}::uuid[]) and dimension = ''`,
  )
  const others = ids.filter((id) => !kept.some((each) => each.id === id))
  const { value: rows } = await countCached(`progress ${others.toSorted().join(' ')}`, () =>
    queryRows(
      db(),
      progressRow,
      Prisma.sql`
        select i.campaign_id as id, count(*)::int as invited,
          count(*) filter (where connection in ('connected', 'identity_only'))::int as connected
        from invitation i join person on person.id = i.person_id
        where i.campaign_id = any(${others}::uuid[]) and listed
        group by i.campaign_id`,
    ),
  )
  return new Map([...kept, ...rows].map(({ id, ...progress }) => [id, progress]))
}

const mailing = {
  id: true,
  campaignId: true,
  step: true,
  template: true,
  state: true,
  correctsId: true,
  recipients: true,
  confirmedBy: member,
  confirmedAt: true,
  approvedBy: member,
  startsAt: true,
  lookedAt: true,
  endedAt: true,
} satisfies Prisma.MailingSelect

/** `sent`: with those that were perhaps sent, and those that were withheld: they would say how many declined. */
export type MailCounts = { waiting: number; sent: number; perhaps: number; refused: number; bounced: number }
export type ShownMailing = Prisma.MailingGetPayload<{ select: typeof mailing }> & MailCounts

const mailCounts = z.object({
  id: z.string(),
  waiting: z.number(),
  sent: z.number(),
  perhaps: z.number(),
  refused: z.number(),
  bounced: z.number(),
})

const mailingsShown = 100

/** The mailings of a campaign, newest first, each with what became of its mails. */
export async function listMailings(_actor: StaffActor, campaignId: string): Promise<ShownMailing[]> {
  const rows = await db().mailing.findMany({
    where: { campaignId },
    orderBy: [{ confirmedAt: 'desc' }, { id: 'asc' }],
    take: mailingsShown,
    select: mailing,
  })
  const counts = await queryRows(
    db(),
    mailCounts,
    Prisma.sql`
      select mailing_id as id,
        count(*) filter (where state in ('waiting', 'sending'))::int as waiting,
        count(*) filter (where state in ('sent', 'perhaps_sent', 'withheld'))::int as sent,
        count(*) filter (where state = 'perhaps_sent')::int as perhaps,
        count(*) filter (where state = 'refused')::int as refused,
        count(*) filter (where bounced_at is not null)::int as bounced
      from mail where mailing_id = any(${rows.map(({ id }) => id)}::uuid[]) group by mailing_id`,
  )
  return rows.map((row) => {
    const found = counts.find(({ id }) => id === row.id)
    return { waiting: 0, sent: 0, perhaps: 0, refused: 0, bounced: 0, ...found, ...row }
  })
}

const needsRow = z.object({
  approve: z.number(),
  look: z.number(),
  paused: z.number(),
  ending: z.number(),
  bouncing: z.number(),
  /** When the last mail of theirs came back. */
  bouncedAt: z.date().nullable(),
  /** The campaign, if it is a single one. */
  bouncingIn: z.string().nullable(),
})

/**
 * What needs somebody: mailings to agree to, to look at and with many mails that came back, campaigns that failures
 * paused, and those without an end.
 */
export type CampaignNeeds = z.infer<typeof needsRow>

/** At once, as a refusal for good, or later. */
const cameBack = Prisma.sql`(m.state = 'refused' or m.bounced_at is not null)`

/** Counts what needs somebody. `ending`: open campaigns without a last day that need one. */
export async function countCampaignNeeds(_actor: StaffActor): Promise<CampaignNeeds> {
  const [row] = await queryRows(
    db(),
    needsRow,
    Prisma.sql`
      with bouncing as (
        select g.id, g.campaign_id, max(m.bounced_at) as at
        from mailing g join mail m on m.mailing_id = g.id
        where g.state in ('first', 'to_be_looked_at', 'sending', 'done')
          and g.confirmed_at > now() - make_interval(days => ${bouncing.days}) and m.state in ('sent', 'perhaps_sent', 'refused')
        group by g.id
        having count(*) filter (where ${cameBack}) >= ${bouncing.least}
          and count(*) filter (where ${cameBack}) > ${bouncing.share}::float * count(*))
      select
      (select count(*) from bouncing)::int as bouncing,
      (select max(at) from bouncing) as "bouncedAt",
      (select min(campaign_id::text) from bouncing having count(distinct campaign_id) = 1) as "bouncingIn",
      (select count(*) from mailing where state = 'to_be_approved')::int as approve,
      (select count(*) from mailing where state = 'to_be_looked_at')::int as look,
      (select count(*) from campaign where state = 'paused' and pause_reason = 'failures')::int as paused,
      (select count(*) from campaign where kind = 'ask' and state in ('open', 'paused') and ends_on is null)::int as ending`,
  )
  return needsRow.parse(row)
}
