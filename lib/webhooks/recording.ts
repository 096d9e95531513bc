import 'server-only'
import { system } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { inTransaction, type Tx } from '@/lib/db'
import { log } from '@/lib/log'
import type { Claimed } from '@/lib/webhooks/delivery'
import type { PostOutcome } from '@/lib/webhooks/post'
import { findDelayS, triedForMs } from '@/lib/webhooks/schedule'
import { enqueueSwitchedOffMails } from '@/lib/webhooks/switched-off'

/** Keeps what a receiver answered. After three days without success, or a 410, the webhook is switched off. */
export function recordOutcome(delivery: Claimed, { isDelivered, answer }: PostOutcome): Promise<void> {
  const { id, tries, webhookId } = delivery
  return inTransaction(async (tx) => {
    const isOver = !isDelivered && (answer === '410' || Date.now() - delivery.firstTriedAt.getTime() >= triedForMs)
    const state = isDelivered ? 'delivered' : isOver ? 'given_up' : 'waiting'
    const nextAt = new Date(Date.now() + findDelayS(tries) * 1_000)
    // Where another process has it meanwhile, its own outcome counts.
    const { count } = await tx.delivery.updateMany({
      where: { id, tries, state: 'waiting' },
      data: { state, answer, leasedUntil: null, ...(state === 'waiting' ? { nextAt } : {}) },
    })
    if (count > 0 && isOver) await switchOffAfterFailure(tx, webhookId, answer)
  })
}

async function switchOffAfterFailure(tx: Tx, webhookId: string, answer: string): Promise<void> {
  const [switchedOff] = await tx.webhook.updateManyAndReturn({
    where: { id: webhookId, state: 'on' },
    data: { state: 'failed', stateSince: new Date() },
    select: { systemId: true },
  })
  if (!switchedOff) return
  const { systemId } = switchedOff
  const { name } = await tx.system.findUniqueOrThrow({ where: { id: systemId }, select: { name: true } })
  log().error({ systemId, answer }, 'a webhook was switched off after three days of failure')
  await recordEvent(tx, system, { action: 'webhook.switched_off', detail: { systemId, system: name, because: answer } })
  await enqueueSwitchedOffMails(tx, systemId)
}
