import 'server-only'
import { randomUUID } from 'node:crypto'
import type { StaffActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { domainOf } from '@/lib/config/email-address'
import { inTransaction, type Tx } from '@/lib/db'
import { enqueueJob } from '@/lib/jobs/queue'
import { findApiActor } from '@/lib/systems/authentication'
import { covered } from '@/lib/systems/coverage'
import { enqueueDigest } from '@/lib/webhooks/digest'
import { testType } from '@/lib/webhooks/event'
import { addressOf } from '@/lib/webhooks/schema'
import { makeSigningSecret, openSecrets, sealSecret } from '@/lib/webhooks/signing'

const dayMs = 86_400_000

/** Sends what waits to a webhook, or as a digest. */
async function sendSoon(tx: Tx, systemId: string): Promise<void> {
  const webhook = await tx.webhook.findUnique({ where: { systemId }, select: { id: true, url: true, state: true } })
  if (webhook?.state !== 'on') return
  if (addressOf(webhook.url)) await enqueueDigest(tx, webhook)
  else await enqueueJob(tx, 'send-webhooks', { key: 'send-webhooks' })
}

const sealedFields = { id: true, sealedSecret: true, sealedFormerSecret: true, formerUntil: true } as const

/**
 * Sets where a system is told: a webhook or, with `mailto:`, a digest. A new one begins with the next change. The secret
 * of a new webhook is returned, to be shown once; null: there was one, or none is needed.
 */
export function saveWebhook(
  actor: StaffActor,
  systemId: string,
  url: string,
  requestId: string,
): Promise<string | null> {
  return inTransaction(async (tx) => {
    // Two forms at once wait for each other.
    await tx.$queryRaw`select 1 from system where id = ${systemId}::uuid for update`
    const existing = await tx.webhook.findUnique({
      where: { systemId },
      select: { id: true, url: true, sealedSecret: true },
    })
    const id = existing?.id ?? randomUUID()
    const address = addressOf(url)
    const secret = address || existing?.sealedSecret ? null : makeSigningSecret()
    const data = { url, ...(secret && { sealedSecret: sealSecret(id, 'sealed_secret', secret) }) }
    if (existing) {
      await tx.webhook.update({ where: { id }, data, select: { id: true } })
      if (existing.url !== url) await giveTestsUp(tx, id)
    } else {
      const { _max } = await tx.change.aggregate({ _max: { position: true } })
      await tx.webhook.create({
        data: { ...data, id, systemId, position: _max.position ?? 0n },
        select: { id: true },
      })
      await noteWhoIsKnown(tx, systemId, id)
    }
    const host = address ? domainOf(address) : new URL(url).host
    await recordEvent(tx, actor, { action: 'webhook.saved', requestId, detail: { systemId, host } })
    await sendSoon(tx, systemId)
    return secret
  })
}

/** A test of one address says nothing about the next. */
async function giveTestsUp(tx: Tx, webhookId: string): Promise<void> {
  await tx.delivery.updateMany({
    where: { webhookId, type: testType, state: 'waiting' },
    data: { state: 'given_up', leasedUntil: null },
  })
}

/** The system may have read them with its key, so it hears how it ends. */
async function noteWhoIsKnown(tx: Tx, systemId: string, webhookId: string): Promise<void> {
  const actor = await findApiActor(tx, systemId)
  if (!actor) return
  await tx.$executeRaw`
    insert into webhook_person (webhook_id, person_id, state)
    select ${webhookId}::uuid, id, 'covered' from person where ${covered(actor, 'events:read')}
    on conflict do nothing`
}

/** A new secret, to be shown once. The former one signs too for a day. Null if there is no webhook, or for a digest. */
export function changeSecret(actor: StaffActor, systemId: string, requestId: string): Promise<string | null> {
  return inTransaction(async (tx) => {
    await tx.$queryRaw`select 1 from webhook where system_id = ${systemId}::uuid for update`
    const webhook = await tx.webhook.findUnique({ where: { systemId }, select: { ...sealedFields, url: true } })
    if (!webhook || addressOf(webhook.url)) return null
    const [former] = openSecrets(webhook)
    const secret = makeSigningSecret()
    await tx.webhook.update({
      where: { systemId },
      data: {
        sealedSecret: sealSecret(webhook.id, 'sealed_secret', secret),
        sealedFormerSecret: former ? sealSecret(webhook.id, 'sealed_former_secret', former) : null,
        formerUntil: new Date(Date.now() + dayMs),
      },
      select: { id: true },
    })
    await recordEvent(tx, actor, { action: 'webhook.secret_changed', requestId, detail: { systemId } })
    return secret
  })
}

/** Switches a webhook on, from where it stopped, or off; idempotent. What was given up is tried again, but for tests. */
export function switchWebhook(
  actor: StaffActor,
  systemId: string,
  state: 'on' | 'off',
  requestId: string,
): Promise<void> {
  return inTransaction(async (tx) => {
    const [webhook] = await tx.webhook.updateManyAndReturn({
      where: { systemId, state: state === 'on' ? { not: 'on' } : 'on' },
      data: { state, stateSince: new Date() },
      select: { id: true },
    })
    if (!webhook) return
    if (state === 'on')
      await tx.delivery.updateMany({
        where: {
          webhookId: webhook.id,
          OR: [{ state: 'waiting' }, { state: 'given_up', type: { not: testType } }],
        },
        data: { state: 'waiting', nextAt: new Date(), firstTriedAt: null, mailId: null, tries: 0 },
      })
    const action = state === 'on' ? 'webhook.switched_on' : 'webhook.switched_off'
    await recordEvent(tx, actor, { action, requestId, detail: { systemId } })
    await sendSoon(tx, systemId)
  })
}

/** Sends an event that is about nobody. */
export function sendTest(actor: StaffActor, systemId: string, requestId: string): Promise<void> {
  return inTransaction(async (tx) => {
    const webhook = await tx.webhook.findUnique({ where: { systemId }, select: { id: true } })
    if (!webhook) return
    await tx.delivery.create({ data: { webhookId: webhook.id, type: testType }, select: { id: true } })
    await recordEvent(tx, actor, { action: 'webhook.tested', requestId, detail: { systemId } })
    await sendSoon(tx, systemId)
  })
}

/** Sends a delivery once more, with the same `webhook-id`, or now where it waits. */
export function sendAgain(
  actor: StaffActor,
  { systemId, deliveryId }: { systemId: string; deliveryId: bigint },
  requestId: string,
): Promise<void> {
  return inTransaction(async (tx) => {
    const { count } = await tx.delivery.updateMany({
      where: { id: deliveryId, webhook: { systemId }, state: { not: 'withheld' } },
      data: { state: 'waiting', nextAt: new Date(), firstTriedAt: null, mailId: null },
    })
    if (count === 0) return
    const detail = { systemId, delivery: `${deliveryId}` }
    await recordEvent(tx, actor, { action: 'webhook.repeated', requestId, detail })
    await sendSoon(tx, systemId)
  })
}

/**
 * Sends again what happened after a position of `change_log`, in order and with the same ids, as far as the system may
 * still be told of it. Returns how many deliveries.
 */
export function replayFrom(
  actor: StaffActor,
  { systemId, position }: { systemId: string; position: number },
  requestId: string,
): Promise<number> {
  return inTransaction(async (tx) => {
    const { count } = await tx.delivery.updateMany({
      where: { webhook: { systemId }, position: { gt: BigInt(position) }, state: { in: ['delivered', 'given_up'] } },
      data: { state: 'waiting', nextAt: new Date(), firstTriedAt: null, mailId: null },
    })
    if (count === 0) return 0
    await recordEvent(tx, actor, { action: 'webhook.replayed', requestId, detail: { systemId, position, count } })
    await sendSoon(tx, systemId)
    return count
  })
}

/** Forgets address, secrets and deliveries; idempotent. */
export function removeWebhook(actor: StaffActor, systemId: string, requestId: string): Promise<void> {
  return inTransaction(async (tx) => {
    const { count } = await tx.webhook.deleteMany({ where: { systemId } })
    if (count > 0) await recordEvent(tx, actor, { action: 'webhook.removed', requestId, detail: { systemId } })
  })
}
