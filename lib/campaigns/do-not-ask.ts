import 'server-only'
import { z } from 'zod'
import { system } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { Prisma, queryRows, type Tx } from '@/lib/db'

/** SQL: nobody is to ask the person now. `personId`: a column or value. */
export const isNotToBeAsked = (personId: Prisma.Sql) => Prisma.sql`
  exists (select from do_not_ask d where d.person_id = ${personId} and (d.until is null or d.until > now()))`

const changed = z.object({ researcherId: z.string().nullable() })

/**
 * Ends asking somebody, in all campaigns: for 12 months after a refusal at ORCID, and without end where they asked for
 * it. What waits in the outbox is not sent. Repeatable.
 */
export async function doNotAsk(
  tx: Tx,
  personId: string,
  reason: 'refused' | 'asked',
  requestId?: string,
): Promise<void> {
  const until = reason === 'refused' ? Prisma.sql`now() + interval '12 months'` : Prisma.sql`null`
  // The person before the invitations, as in the trigger `end_asking`. "Do not ask me again" outlives a refusal.
  const [row] = await queryRows(
    tx,
    changed,
    Prisma.sql`
      insert into do_not_ask as known (person_id, reason, until) select id, ${reason}::do_not_ask_reason, ${until}
      from person where id = ${personId}::uuid
      on conflict (person_id) do update set reason = excluded.reason, until = excluded.until, at = now()
        where known.reason <> 'asked'
      returning (select researcher_id::text from person where id = known.person_id) as "researcherId"`,
  )
  await tx.$executeRaw`
    update invitation set ended_at = now(), ended = 'declined' where person_id = ${personId}::uuid and ended_at is null`
  await tx.$executeRaw`
    update mail set state = 'suppressed', reason = 'declined'
    where person_id = ${personId}::uuid and state = 'waiting' and kind = 'invitation'`
  if (!row) return
  const detail = { personId, reason }
  await recordEvent(tx, system, { action: 'invitation.declined', ...row, requestId, detail })
}

/** Takes back “do not ask me again”. A refusal at ORCID runs out by itself. */
export async function allowAsking(tx: Tx, personId: string, requestId?: string): Promise<void> {
  const { count } = await tx.doNotAsk.deleteMany({ where: { personId, reason: 'asked' } })
  if (count === 0) return
  const whose = await tx.person.findUnique({ where: { id: personId }, select: { researcherId: true } })
  await recordEvent(tx, system, { action: 'invitation.may_ask_again', ...whose, requestId, detail: { personId } })
}
