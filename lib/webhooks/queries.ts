import 'server-only'
import type { StaffActor } from '@/lib/actor'
import { db, type Prisma } from '@/lib/db'

export const deliveriesShown = 100

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

export type Webhook = Prisma.WebhookGetPayload<{ select: typeof webhookFields }>
export type Delivery = Prisma.DeliveryGetPayload<{ select: typeof deliveryFields }>

/** Without its secrets. */
export function findWebhook(_actor: StaffActor, systemId: string): Promise<Webhook | null> {
  return db().webhook.findUnique({ where: { systemId }, select: webhookFields })
}

/** The newest deliveries, how many wait, and the names of the people whom staff may see. */
export async function listDeliveries(_actor: StaffActor, webhookId: string) {
  const [deliveries, waiting] = await Promise.all([
    db().delivery.findMany({
      where: { webhookId },
      select: deliveryFields,
      orderBy: { id: 'desc' },
      take: deliveriesShown,
    }),
    db().delivery.count({ where: { webhookId, state: 'waiting' } }),
  ])
  const people = await db().person.findMany({
    where: { id: { in: deliveries.flatMap(({ personId }) => personId ?? []) }, listed: true },
    select: { id: true, name: true },
  })
  return { deliveries, waiting, names: new Map(people.map(({ id, name }) => [id, name])) }
}
