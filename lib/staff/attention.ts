import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { toDay } from '@/lib/config/day'
import { db, inTransaction, Prisma, queryRows } from '@/lib/db'

/** What may need somebody, most urgent first. */
export const attentionItems = [
  'lostKeys',
  'foreign',
  'lost',
  'rising',
  'leavers',
  'campaignsPaused',
  'mailingsBouncing',
  'mailingsToLookAt',
  'mailingsToApprove',
  'overdue',
  'filesFailed',
  'webhooksFailing',
  'refusedItems',
  'conflicts',
  'proposals',
  'notMe',
  'peopleInConflict',
  'withdrawnAtOrcid',
  'withdrawnHere',
  'waiting',
  'campaignsEndless',
  'expiring',
] as const
export type AttentionItem = (typeof attentionItems)[number]

export const attentionActions = ['take', 'release', 'done', 'put_off', 'reopen'] as const
export type AttentionAction = (typeof attentionActions)[number]

const member = { select: { id: true, name: true, orcid: true } } as const

/** Who has what, and what is done or put off. `scope`: whose items these are, as `visibilityKey` has it. */
export function listAttention(_actor: StaffActor, scope: string) {
  return db().attention.findMany({
    where: { scope },
    select: { item: true, holder: member, heldAt: true, settledBy: member, settledAt: true, until: true, count: true },
  })
}

export type AttentionState = Awaited<ReturnType<typeof listAttention>>[number]

/** What there is of an item now. `newestAt`: since when there is the last of it, where that is known. */
export type Pending = {
  count: number
  newestAt: Date | null
  /** Each day is new, such as today's list of leavers. */
  isDaily?: boolean
}

/** Whether an item is settled for now: put off until a later day, or done and nothing new has come since. */
export function isSettled(state: AttentionState | undefined, pending: Pending, now = new Date()): boolean {
  if (!state?.settledAt) return false
  if (state.until) return state.until.toISOString().slice(0, 10) > toDay(now)
  const { count, newestAt, isDaily = false } = pending
  if (isDaily && toDay(state.settledAt) !== toDay(now)) return false
  return count <= (state.count ?? 0) && (newestAt === null || newestAt <= state.settledAt)
}

type Change = {
  scope: string
  item: AttentionItem
  action: AttentionAction
  /** For `done`: how many there were, and when they were counted. What came after that shows again. */
  seen: { count: number; at: Date }
  /** For `put_off`: the day on which it shows again. */
  until: string | null
  /** For `take`: from whom, if somebody has it. */
  from: string | null
  requestId: string
}

/** Takes an item, gives it back, or settles it. False if somebody else has taken it meanwhile, and nothing changes. */
export function changeAttention(actor: StaffActor, change: Change): Promise<boolean> {
  const { scope, item, action, seen, until, from, requestId } = change
  return inTransaction(async (tx) => {
    await tx.$executeRaw`insert into attention (scope, item) values (${scope}, ${item}) on conflict do nothing`
    const [held] = await queryRows(
      tx,
      z.object({ holder: z.string().nullable() }),
      Prisma.sql`
      select holder_id::text as holder from attention where scope = ${scope} and item = ${item} for update`,
    )
    const holder = held?.holder ?? null
    if (action === 'take' && holder !== actor.staffId && holder !== from) return false
    const settled = { settledById: actor.staffId, settledAt: seen.at, count: seen.count }
    const open = { settledById: null, settledAt: null, until: null, count: null }
    const mine = { holderId: actor.staffId, heldAt: new Date() }
    const nobodys = { holderId: null, heldAt: null }
    const data = {
      take: mine,
      release: nobodys,
      done: { ...settled, ...nobodys, until: null },
      put_off: { ...settled, until: until && new Date(until) },
      reopen: open,
    }[action]
    await tx.attention.update({ where: { scope_item: { scope, item } }, data })
    const events = {
      take: { action: 'attention.taken', detail: { item } },
      release: { action: 'attention.released', detail: { item } },
      done: { action: 'attention.done', detail: { item } },
      put_off: { action: 'attention.put_off', detail: { item, until } },
      reopen: { action: 'attention.reopened', detail: { item } },
    } as const
    await recordEvent(tx, actor, { ...events[action], requestId })
    return true
  })
}
