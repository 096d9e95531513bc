import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { db, Prisma, queryRows } from '@/lib/db'
import { afterId, cursorParameter, type IdCursor, idCursor, idCursorOf, paginate } from '@/lib/list/pagination'

const pageSize = 50

export const deliveryCursor = cursorParameter(idCursor)

const webhookFields = { id: true, url: true, state: true, stateSince: true, position: true, formerUntil: true } as const
const deliveryFields = {
  id: true,
  type: true,
  personId: true,
  happenedAt: true,
  triedAt: true,
  nextAt: true,
  state: true,
  tries: true,
  answer: true,
  position: true,
} as const

/** A digest has no secret, nor has a webhook whose secret was lost with its key. */
export type Webhook = Prisma.WebhookGetPayload<{ select: typeof webhookFields }> & { hasSecret: boolean }
export type Delivery = Prisma.DeliveryGetPayload<{ select: typeof deliveryFields }>

/** Without its secrets. */
export async function findWebhook(_actor: StaffActor, systemId: string): Promise<Webhook | null> {
  const found = await db().webhook.findUnique({ where: { systemId }, select: { ...webhookFields, sealedSecret: true } })
  if (!found) return null
  const { sealedSecret, ...webhook } = found
  return { ...webhook, hasSecret: sealedSecret !== null }
}

/** What is sent again keeps its answer until the next. */
const hasFailed = { AND: [{ answer: { not: null } }, { NOT: { answer: { startsWith: '2' } } }] }

/** Deliveries, newest first, how many wait, how many of these failed before, and the names of the people whom staff may see. */
export async function listDeliveries(_actor: StaffActor, webhookId: string, cursor: IdCursor | null) {
  const read = (from: IdCursor | null, take: number) => {
    const { where, orderBy } = afterId(from)
    return db().delivery.findMany({ where: { webhookId, ...where }, select: deliveryFields, orderBy, take })
  }
  const [page, waiting, failed] = await Promise.all([
    paginate({ size: pageSize, cursor, read, cursorOf: idCursorOf }),
    db().delivery.count({ where: { webhookId, state: 'waiting' } }),
    db().delivery.count({ where: { webhookId, state: 'waiting', ...hasFailed } }),
  ])
  const people = await db().person.findMany({
    where: { id: { in: page.rows.flatMap(({ personId }) => personId ?? []) }, listed: true },
    select: { id: true, name: true },
  })
  return { page, waiting, failed, names: new Map(people.map(({ id, name }) => [id, name])) }
}
export type DeliveryPage = Awaited<ReturnType<typeof listDeliveries>>

/** So long a receiver accepts nothing before somebody should look. */
const failingAfter = Prisma.sql`interval '1 hour'`

/**
 * SQL on the table `webhook`: it was switched off after three days of failure, or an event has waited for an hour since it
 * was first tried. What staff switched off, and a system that is stopped, needs nobody.
 */
export const isFailing = Prisma.sql`(
  exists (select from system s where s.id = webhook.system_id and s.stopped_at is null)
  and (webhook.state = 'failed' or webhook.state = 'on' and exists (
    select from delivery d where d.webhook_id = webhook.id and d.state = 'waiting'
      and d.first_tried_at < now() - ${failingAfter})))`

/** How many systems do not get their events, and since when there is the last of them. */
export async function countFailingWebhooks(): Promise<{ count: number; newestAt: Date | null; href: string }> {
  const [row] = await queryRows(
    db(),
    z.object({ count: z.number(), newestAt: z.date().nullable(), systemId: z.string().nullable() }),
    Prisma.sql`
      select count(*)::int as count, max(case when state = 'failed' then state_since else (
          select min(d.first_tried_at) + ${failingAfter} from delivery d
          where d.webhook_id = webhook.id and d.state = 'waiting') end) as "newestAt",
        case when count(*) = 1 then min(system_id::text) end as "systemId"
      from webhook where ${isFailing}`,
  )
  const page = row?.systemId ? `/${row.systemId}/events` : ''
  return { count: row?.count ?? 0, newestAt: row?.newestAt ?? null, href: `/staff/systems${page}` }
}
