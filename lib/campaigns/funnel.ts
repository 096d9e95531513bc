import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { cameBack, stateOf } from '@/lib/campaigns/people'
import type { Campaign } from '@/lib/campaigns/queries'
import { db, Prisma, type Queryable, queryRows, type Tx } from '@/lib/db'
import { countCached } from '@/lib/figures/cached-count'
import { type PersonKind, personKinds, withParents } from '@/lib/people/person'
import {
  addShares,
  foldSmallUnits,
  keepLargeParts,
  listUnits,
  type Share,
  smallestGroup,
  toTree,
} from '@/lib/people/units'

export const funnelFigures = ['invited', 'came_back', 'allowed', 'allowed_less', 'failed', 'not_connected'] as const
/** How far those who are asked have come. The last four are everybody, once each. */
export type Funnel = Record<(typeof funnelFigures)[number], number>

const figures = {
  invited: z.number(),
  came_back: z.number(),
  allowed: z.number(),
  allowed_less: z.number(),
  failed: z.number(),
  not_connected: z.number(),
}

const group = z.object({ department: z.string().nullable(), kind: z.enum(personKinds).nullable(), ...figures })
type Group = z.infer<typeof group>

export type UnitFunnel = Funnel & { path: string | null }
export type KindFunnel = Funnel & { kind: PersonKind | null }

/** `isKept`: the people are forgotten, and the numbers are from the last day before. */
export type CampaignFunnel = { all: Funnel; units: UnitFunnel[]; kinds: KindFunnel[]; isKept: boolean; at: Date }

type Asked = Pick<Campaign, 'id' | 'kind' | 'scopes' | 'closedAt'>

/** How far those who are asked have come: all, by department with all below it, and by kind. */
export async function findFunnel(_actor: StaffActor, campaign: Asked): Promise<CampaignFunnel> {
  const kept = campaign.closedAt && (await readKept(campaign.id))
  if (kept) return { ...kept, isKept: true, at: campaign.closedAt ?? new Date() }
  const { value: groups, at } = await countCached(`campaign ${campaign.id}`, () => countGroups(db(), campaign))
  return { ...sumGroups(groups), isKept: false, at }
}

function countGroups(tx: Queryable, campaign: Omit<Asked, 'closedAt'>): Promise<Group[]> {
  const inState = (state: string) => Prisma.sql`count(*) filter (where state = ${state})::int`
  return queryRows(
    tx,
    group,
    Prisma.sql`
      select department, kind, count(*)::int as invited, count(*) filter (where came_back)::int as came_back,
        ${inState('allowed')} as allowed, ${inState('allowed_less')} as allowed_less, ${inState('failed')} as failed,
        ${inState('not_connected')} as not_connected
      from (
        select department, kind::text, ${stateOf(campaign)} as state, ${cameBack} as came_back
        from invitation i join person on person.id = i.person_id
        where i.campaign_id = ${campaign.id}::uuid and listed) invited
      group by department, kind`,
  )
}

const none: Funnel = { invited: 0, came_back: 0, allowed: 0, allowed_less: 0, failed: 0, not_connected: 0 }

/** The sum of each figure. */
export const addFunnels = (funnels: readonly Funnel[]): Funnel =>
  funnels.reduce<Funnel>((sum, each) => {
    const added = { ...none }
    for (const figure of funnelFigures) added[figure] = sum[figure] + each[figure]
    return added
  }, none)

function sumGroups(groups: readonly Group[]): Pick<CampaignFunnel, 'all' | 'units' | 'kinds'> {
  const byUnit = new Map<string | null, Group[]>()
  for (const each of groups) {
    for (const path of each.department === null ? [null] : withParents([each.department])) {
      byUnit.set(path, [...(byUnit.get(path) ?? []), each])
    }
  }
  return {
    all: addFunnels(groups),
    units: [...byUnit].map(([path, rows]) => ({ path, ...addFunnels(rows) })),
    kinds: [...personKinds, null].flatMap((kind) => {
      const rows = groups.filter((each) => each.kind === kind)
      return rows.length > 0 ? [{ kind, ...addFunnels(rows) }] : []
    }),
  }
}

/** As a share: those who allowed everything that the campaign asks for. */
export const toAllowedShare = ({ invited, allowed }: Funnel): Share => ({ people: invited, connected: allowed })

const keptRow = z.object({ dimension: z.string(), ...figures })
const dimensions = { all: '', unit: 'department/', kind: 'kind/' } as const

async function readKept(campaignId: string): Promise<Pick<CampaignFunnel, 'all' | 'units' | 'kinds'> | null> {
  const rows = await queryRows(
    db(),
    keptRow,
    Prisma.sql`select dimension, invited, came_back, allowed, allowed_less, failed, not_connected
      from campaign_figure where campaign_id = ${campaignId}::uuid order by dimension`,
  )
  const all = rows.find(({ dimension }) => dimension === dimensions.all)
  if (!all) return null
  const below = (prefix: string) =>
    rows
      .filter(({ dimension }) => dimension.startsWith(prefix))
      .map(({ dimension, ...funnel }) => ({ ...funnel, name: dimension.slice(prefix.length) }))
  return {
    all,
    units: below(dimensions.unit).map(({ name, ...funnel }) => ({ path: name, ...funnel })),
    kinds: below(dimensions.kind).flatMap(({ name, ...funnel }) => {
      const kind = personKinds.find((each) => each === name)
      return kind ? [{ kind, ...funnel }] : []
    }),
  }
}

/**
 * Keeps the numbers of a campaign, without groups of fewer than ten people and without those that would give one away.
 * A second call changes nothing.
 */
export async function keepFunnel(tx: Tx, campaignId: string): Promise<void> {
  await tx.$queryRaw`select 1 from campaign where id = ${campaignId}::uuid for update`
  const campaign = await tx.campaign.findUnique({
    where: { id: campaignId },
    select: { id: true, kind: true, scopes: true },
  })
  if (!campaign || (await tx.campaignFigure.count({ where: { campaignId } })) > 0) return
  const groups = await countGroups(tx, campaign)
  const { all, units, kinds } = sumGroups(groups)
  if (all.invited < smallestGroup) return
  const shares = groups.map((each) => ({ ...toAllowedShare(each), department: each.department }))
  const tree = foldSmallUnits(toTree(shares))
  const shown = new Set((tree ? listUnits(tree) : []).map(({ path }) => path))
  const large = keepLargeParts(
    kinds.map((each) => ({ ...toAllowedShare(each), kind: each.kind })),
    addShares(kinds.map(toAllowedShare)),
  )
  const kept = [
    { dimension: dimensions.all, ...all },
    ...units.flatMap(({ path, ...funnel }) =>
      path !== null && shown.has(path) ? [{ dimension: `${dimensions.unit}${path}`, ...funnel }] : [],
    ),
    ...kinds.flatMap(({ kind, ...funnel }) =>
      kind !== null && large.some((part) => part.kind === kind)
        ? [{ dimension: `${dimensions.kind}${kind}`, ...funnel }]
        : [],
    ),
  ]
  await tx.$executeRaw`
    insert into campaign_figure (campaign_id, dimension, invited, came_back, allowed, allowed_less, failed, not_connected)
    select ${campaignId}::uuid, dimension, invited, came_back, allowed, allowed_less, failed, not_connected
    from jsonb_to_recordset(${JSON.stringify(kept)}::jsonb) as kept (dimension text, invited int, came_back int, allowed int,
      allowed_less int, failed int, not_connected int)`
}
