import 'server-only'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { ApiActor } from '@/lib/actor'
import { env } from '@/lib/config/env'
import { db, inTransaction, Prisma, queryRows, type Tx } from '@/lib/db'
import { findAddressFault } from '@/lib/mail/address'
import type { OutgoingMail, PreparedMail } from '@/lib/mail/mail'
import { enqueueMails } from '@/lib/mail/outbox'
import { isSuppressed } from '@/lib/mail/suppression'
import { findApiActor, listApiActors } from '@/lib/systems/authentication'
import { recordUse } from '@/lib/systems/use'
import { renderDigest } from '@/lib/webhooks/digest-words'
import { decide } from '@/lib/webhooks/event'
import { readStandings } from '@/lib/webhooks/fan-out'
import { addressOf } from '@/lib/webhooks/schema'

/** The template of a digest. */
export const digestTemplate = 'digest'

const values = z.object({ webhookId: z.string() })

/** Puts the digests of today into the outbox, each once, where there is something to tell, at 7:00 or soon after. */
export async function sendDigests(fromHour = 7): Promise<void> {
  const { mail, institution } = env()
  if (!mail) return
  const { timeZone } = institution
  for (const { systemId, rights } of await listApiActors(db())) {
    if (!rights.includes('events:read')) continue
    await inTransaction(async (tx) => {
      const [due] = await queryRows(
        tx,
        z.object({ id: z.string(), url: z.string() }),
        Prisma.sql`
          update webhook set digest_on = (now() at time zone ${timeZone}::text)::date
          where system_id = ${systemId}::uuid and state = 'on' and starts_with(url, 'mailto:')
            and extract(hour from now() at time zone ${timeZone}::text) >= ${fromHour}::int
            and digest_on is distinct from (now() at time zone ${timeZone}::text)::date
          returning id::text, url`,
      )
      if (due) await enqueueDigest(tx, due)
    })
  }
}

/** Puts what waits for a digest into one mail. */
export async function enqueueDigest(tx: Tx, { id: webhookId, url }: { id: string; url: string }): Promise<void> {
  const address = addressOf(url)
  if (!address || !env().mail) return
  const id = randomUUID()
  const waiting = await tx.delivery.updateMany({
    where: { webhookId, state: 'waiting', mailId: null },
    data: { mailId: id },
  })
  if (waiting.count === 0) return
  const locale = env().institution.languages[0] ?? 'en'
  await enqueueMails(tx, [{ id, kind: 'notice', template: digestTemplate, locale, address, values: { webhookId } }])
}

/** Makes a digest ready. Who must not be told of any more is left out at that moment. */
export async function prepareDigest(tx: Tx, mail: OutgoingMail): Promise<PreparedMail> {
  const { webhookId } = values.parse(mail.values)
  const webhook = await tx.webhook.findUnique({ where: { id: webhookId, state: 'on' } })
  const actor = webhook && (await findApiActor(tx, webhook.systemId))
  const address = webhook && addressOf(webhook.url)
  if (!actor?.rights.includes('events:read') || !address || address !== mail.address) return putBack(tx, mail, 'ended')
  if (findAddressFault(address)) return putBack(tx, mail, 'domain')
  if (await isSuppressed(tx, address)) return putBack(tx, mail, 'address')
  const deliveries = await judge(tx, actor, webhookId, mail.id)
  if (deliveries.length === 0) return { suppressed: 'ended' }
  const rendered = renderDigest(mail.locale, actor.name, deliveries)
  return { to: { name: null, address }, ...rendered, unsubscribeUrl: null }
}

/** They wait for the next digest. */
async function putBack(tx: Tx, { id }: OutgoingMail, suppressed: string): Promise<PreparedMail> {
  await tx.delivery.updateMany({ where: { mailId: id, state: 'waiting' }, data: { mailId: null } })
  return { suppressed }
}

/** What of a mail may still be told, as with a webhook. The next try of the same mail tells it again. */
async function judge(tx: Tx, actor: ApiActor, webhookId: string, mailId: string) {
  const all = await tx.delivery.findMany({
    where: { webhookId, mailId, state: { in: ['waiting', 'delivered'] } },
    select: { id: true, type: true, personId: true, itemId: true, state: true },
    orderBy: { id: 'asc' },
  })
  const personIds = [...new Set(all.flatMap(({ personId }) => personId ?? []))]
  const standings = await readStandings(tx, actor, webhookId, personIds)
  const decided = all.map((delivery) => {
    const standing = standings.get(delivery.personId ?? '') ?? { isCovered: false, hasStopped: false }
    return { ...delivery, decision: decide(delivery.type, standing) }
  })
  const idsOf = (decision: string) => decided.flatMap((one) => (one.decision === decision ? one.id : []))
  await tx.delivery.updateMany({ where: { id: { in: idsOf('withhold') } }, data: { state: 'withheld' } })
  const told = { state: 'delivered', answer: 'mail', triedAt: new Date(), tries: 1 } as const
  await tx.delivery.updateMany({ where: { id: { in: idsOf('send') } }, data: told })
  const paused = { ...told, type: 'permission.paused' }
  await tx.delivery.updateMany({ where: { id: { in: idsOf('say_paused') } }, data: paused })
  const sent = decided.filter(({ decision }) => decision !== 'withhold')
  const newly = sent.flatMap(({ state, personId }) => (state === 'waiting' && personId ? personId : []))
  if (newly.length > 0) await recordUse(tx, actor, 'events:read', newly)
  const itemIds = sent.flatMap(({ itemId }) => itemId ?? [])
  const works = await tx.affiliation.findMany({ where: { id: { in: itemIds }, kind: 'work' }, select: { id: true } })
  const workIds = new Set<string | null>(works.map(({ id }) => id))
  return sent.map(({ decision, type, ...rest }) => ({
    ...rest,
    isWork: workIds.has(rest.itemId),
    type: decision === 'say_paused' ? 'permission.paused' : type,
  }))
}
