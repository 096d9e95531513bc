import 'server-only'
import { Prisma, type Tx } from '@/lib/db'

/** SQL: nobody is to ask the person now. `personId`: a column or value. */
export const isNotToBeAsked = (personId: Prisma.Sql) => Prisma.sql`
  exists (select from do_not_ask d where d.person_id = ${personId} and (d.until is null or d.until > now()))`

/**
 * Ends asking somebody, in all campaigns: for 12 months after a refusal at ORCID, and without end where they asked for
 * it. What waits in the outbox is withheld when its turn comes. No event: the history would name them. Repeatable.
 */
export async function doNotAsk(tx: Tx, personId: string, reason: 'refused' | 'asked'): Promise<void> {
  const until = reason === 'refused' ? Prisma.sql`now() + interval '12 months'` : Prisma.sql`null`
  // The person before the invitations, as in the trigger `end_asking`. "Do not ask me again" outlives a refusal.
  await tx.$executeRaw`
    insert into do_not_ask as known (person_id, reason, until) select id, ${reason}::do_not_ask_reason, ${until}
    from person where id = ${personId}::uuid
    on conflict (person_id) do update set reason = excluded.reason, until = excluded.until, at = now()
      where known.reason <> 'asked'`
  await tx.$executeRaw`
    update invitation set ended_at = now(), ended = 'declined' where person_id = ${personId}::uuid and ended_at is null`
}

/** Takes back “do not ask me again”. A refusal at ORCID runs out by itself. */
export async function allowAsking(tx: Tx, personId: string): Promise<void> {
  await tx.doNotAsk.deleteMany({ where: { personId, reason: 'asked' } })
}
