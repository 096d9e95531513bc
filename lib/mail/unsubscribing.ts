import 'server-only'
import { z } from 'zod'
import { system } from '@/lib/actor'
import { env } from '@/lib/config/env'
import { equalSecrets } from '@/lib/crypto/secrets'
import { db, inTransaction, Prisma, type Queryable, queryRows, type Tx } from '@/lib/db'
import { tokenHash } from '@/lib/installation/commands'
import { hasUnsubscribed, recordSuppression, suppress } from '@/lib/mail/suppression'

/** The query of a link. Nothing in it is secret, and it is of use for nobody else. */
export const unsubscribeLink = z.object({ m: z.uuid(), s: z.string().max(100) })
export type UnsubscribeLink = z.infer<typeof unsubscribeLink>

/** Programs that read mail send a POST here (RFC 8058); a person is led to the page. */
export const unsubscribePath = '/unsubscribe/mail'

/** The link to stop mail. `id`: of the mail, or of the invitation. */
export async function makeUnsubscribeUrl(id: string): Promise<string> {
  return `${env().origin}${unsubscribePath}?${new URLSearchParams({ m: id, s: await sign(id) })}`
}

const sign = async (id: string) => Buffer.from(await tokenHash(`unsubscribe:${id}`), 'hex').toString('base64url')

export type Recipient = { id: string; researcherId: string | null; addresses: string[] }

const foundRow = z.object({
  id: z.string().nullable(),
  researcherId: z.string().nullable(),
  addresses: z.array(z.string()),
})

/**
 * To whom the mail of a link went: the person, or the one whom they were merged into, with the address that it was sent
 * to and the present ones. `test`: a mail to staff. Null if the link is not ours, or nobody is known any more.
 */
export async function findRecipient(tx: Queryable, { m, s }: UnsubscribeLink): Promise<Recipient | 'test' | null> {
  if (!equalSecrets(s, await sign(m))) return null
  const [found] = await queryRows(
    tx,
    foundRow,
    Prisma.sql`
      select p.id::text, p.researcher_id::text as "researcherId",
        array_remove(array[lower(p.email), lower(entry.email), lower(m.address)], null) as addresses
      from (select person_id, address from mail where id = ${m}::uuid
        union all select person_id, null from invitation where id = ${m}::uuid) as m
      left join person entry on entry.id = m.person_id
      left join person p on p.id = coalesce(entry.merged_into_id, entry.id)`,
  )
  if (!found) return null
  const { id, researcherId, addresses } = found
  return id ? { id, researcherId, addresses: [...new Set(addresses)] } : 'test'
}

/** Where the recipient of a link stands: `unknown` for a link that is not ours. */
export async function findUnsubscribed(link: UnsubscribeLink): Promise<'unknown' | 'test' | 'stopped' | 'open'> {
  const recipient = await findRecipient(db(), link)
  if (!recipient) return 'unknown'
  if (recipient === 'test') return 'test'
  return (await hasUnsubscribed(recipient.id, recipient.addresses)) ? 'stopped' : 'open'
}

/** Stops the mail to whom a link was sent. What waits for them is left out. Does nothing for a link that is not ours. */
export function unsubscribe(link: UnsubscribeLink, requestId: string): Promise<void> {
  return inTransaction(async (tx) => {
    const recipient = await findRecipient(tx, link)
    if (recipient && recipient !== 'test') await unsubscribeRecipient(tx, recipient, requestId)
  })
}

/** Puts the addresses of a recipient on the list, in a transaction that may do more. */
export async function unsubscribeRecipient(tx: Tx, recipient: Recipient, requestId: string): Promise<void> {
  const reason = 'unsubscribed'
  let isNew = false
  for (const address of recipient.addresses) {
    isNew = (await suppress(tx, { address, reason, personId: recipient.id })) || isNew
  }
  if (isNew) await recordSuppression(tx, system, { reason, owner: recipient, requestId })
}
