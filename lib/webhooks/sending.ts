import 'server-only'
import type { ApiActor } from '@/lib/actor'
import { env } from '@/lib/config/env'
import { proxyFor } from '@/lib/config/outward-proxy'
import { db, direct, inTransaction, Prisma, queryRows } from '@/lib/db'
import { listApiActors } from '@/lib/systems/authentication'
import { recordUse } from '@/lib/systems/use'
import { type Claimed, claimedRow, toBody } from '@/lib/webhooks/delivery'
import { decide } from '@/lib/webhooks/event'
import { fanOut, readStandings } from '@/lib/webhooks/fan-out'
import { numberChanges } from '@/lib/webhooks/positions'
import { type PostOptions, type PostOutcome, postEvent } from '@/lib/webhooks/post'
import { recordOutcome } from '@/lib/webhooks/recording'
import { addressOf } from '@/lib/webhooks/schema'
import { openSecrets, type SealedSecrets, signEvent } from '@/lib/webhooks/signing'

/** At once to one receiver, by one process. */
const lanes = 4
/** Longer than a post takes. A process that dies leaves its deliveries to others after this. */
const leaseS = 30

export type Sending = {
  /** Nothing is claimed after so long. */
  forMs?: number
  post?: Partial<PostOptions>
}

type Receiver = SealedSecrets & { systemId: string; url: string }

/** Tells every receiver what is new and what waits, in the order of each person. Returns whether its time ended first. */
export async function sendEvents({ forMs = 10_000, post = {} }: Sending = {}): Promise<boolean> {
  const until = Date.now() + forMs
  while ((await numberChanges()) > 0);
  const actors = new Map((await listApiActors(db())).map((actor) => [actor.systemId, actor]))
  const receivers: Receiver[] = await db().webhook.findMany({
    where: { state: 'on', systemId: { in: [...actors.keys()] } },
    omit: { position: true, state: true, stateSince: true, madeAt: true, digestOn: true },
  })
  const ends = await Promise.all(
    receivers.map(async (receiver) => {
      const actor = actors.get(receiver.systemId)
      if (!actor?.rights.includes('events:read')) return false
      while (await fanOut(actor, receiver.id));
      // A secret can be lost with its key: nothing is sent unsigned.
      if (addressOf(receiver.url) || !receiver.sealedSecret) return false
      const lane = () => sendOneByOne(receiver, actor, { until, post })
      return (await Promise.all(Array.from({ length: lanes }, lane))).includes(true)
    }),
  )
  return ends.includes(true)
}

/** Returns whether its time ended first. */
async function sendOneByOne(
  receiver: Receiver,
  actor: ApiActor,
  { until, post }: { until: number; post: Partial<PostOptions> },
): Promise<boolean> {
  while (Date.now() < until) {
    const claimed = await claim(receiver.id)
    if (!claimed) return false
    const delivery = await prepare(receiver, actor, claimed)
    if (!delivery) continue
    const outcome = await sendOne(receiver, delivery, post)
    await recordOutcome(delivery, outcome)
    if (outcome.isDelivered && delivery.personId) await recordUse(direct, actor, 'events:read', [delivery.personId])
  }
  return true
}

/** The next delivery whose turn it is: none of the same person waits before it. */
async function claim(webhookId: string): Promise<Claimed | undefined> {
  const [claimed] = await queryRows(
    db(),
    claimedRow,
    Prisma.sql`
      with due as (
        select d.id from delivery d join webhook w on w.id = d.webhook_id
        where d.webhook_id = ${webhookId}::uuid and w.state = 'on' and d.state = 'waiting' and d.next_at <= now()
          and (d.leased_until is null or d.leased_until < now())
          and not exists (select from delivery e where e.webhook_id = d.webhook_id and e.person_id = d.person_id
            and e.state = 'waiting' and e.id < d.id)
        order by d.next_at, d.id limit 1 for update of d skip locked)
      update delivery d
      set leased_until = now() + make_interval(secs => ${leaseS}), tries = d.tries + 1, tried_at = now(),
        first_tried_at = coalesce(d.first_tried_at, now())
      from due where d.id = due.id
      returning d.id, d.event_id::text as "eventId", d.webhook_id::text as "webhookId", d.type, d.person_id::text as "personId",
        d.item_id::text as "itemId", d.into_id::text as "intoId", d.position, d.happened_at as "happenedAt", d.tries,
        d.first_tried_at as "firstTriedAt"`,
  )
  return claimed
}

/** Looks again whether it may go. Null: the person stopped the system, or is covered no more. */
async function prepare(receiver: Receiver, actor: ApiActor, claimed: Claimed): Promise<Claimed | null> {
  const { personId } = claimed
  if (!personId) return claimed
  return inTransaction(async (tx) => {
    const standing = (await readStandings(tx, actor, receiver.id, [personId])).get(personId)
    const decision = decide(claimed.type, standing ?? { isCovered: false, hasStopped: false })
    if (decision === 'send') return claimed
    const data =
      decision === 'say_paused' ? { type: 'permission.paused' } : { state: 'withheld' as const, leasedUntil: null }
    await tx.delivery.update({ where: { id: claimed.id }, data, select: { id: true } })
    return decision === 'say_paused' ? { ...claimed, type: 'permission.paused' } : null
  })
}

function sendOne(receiver: Receiver, delivery: Claimed, post: Partial<PostOptions>): Promise<PostOutcome> {
  const body = toBody(delivery)
  const headers = signEvent(openSecrets(receiver), { id: delivery.eventId, body, at: new Date() })
  const { proxy, noProxy, allowedNetworks } = env().webhooks
  return postEvent(
    receiver.url,
    { body, headers },
    { allowed: allowedNetworks, proxy: proxyFor(receiver.url, proxy, noProxy), ...post },
  )
}
