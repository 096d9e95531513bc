import 'server-only'
import { z } from 'zod'
import { type AskedPerson, localeOf, mayGetMail, withoutSuppressed } from '@/lib/campaigns/audience'
import { inTransaction, Prisma, queryRows, type Tx } from '@/lib/db'

const reached = z.object({
  id: z.string(),
  mailId: z.string(),
  invitationId: z.string(),
  name: z.string().nullable(),
  email: z.string(),
  locale: z.string(),
})
type Reached = z.infer<typeof reached>

type Which = { correctsId: string | null; mailingId: string; limit: number }

/** Who got a mail that is being corrected, and not the correction yet, at most `limit`. */
export async function listReached(tx: Tx, { correctsId, mailingId, limit }: Which): Promise<Reached[]> {
  const people: Reached[] = []
  let after = Prisma.empty
  for (;;) {
    const found = await queryRows(
      tx,
      reached,
      Prisma.sql`
        select person.id, m.id as "mailId", m.invitation_id as "invitationId", name, email, ${localeOf()} as locale
        from mail m join person on person.id = m.person_id
        where m.mailing_id = ${correctsId}::uuid and m.state in ('sent', 'perhaps_sent', 'withheld') and m.invitation_id is not null
          and listed and person.state not in ('paused', 'left') and ${mayGetMail()} ${after}
          and not exists (select from mail c where c.mailing_id = ${mailingId}::uuid and c.person_id = person.id)
        order by m.id limit ${limit}`,
    )
    people.push(...(await withoutSuppressed(tx, found)))
    const last = found.at(-1)
    // Those whose address gets no mail must not keep others from getting theirs.
    if (people.length >= limit || found.length < limit || !last) return people.slice(0, limit)
    after = Prisma.sql`and m.id > ${last.mailId}::uuid`
  }
}

const sampleSize = 10
const recipientsMax = 1_000_000

/** How many get a correction, and ten of them. */
export async function measureCorrection(
  which: Omit<Which, 'limit'>,
): Promise<{ recipients: number; sample: AskedPerson[] }> {
  const people = await inTransaction((tx) => listReached(tx, { ...which, limit: recipientsMax }))
  return { recipients: people.length, sample: people.slice(0, sampleSize) }
}
