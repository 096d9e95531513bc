import 'server-only'
import { Prisma, type Tx } from '@/lib/db'

export type DoNotAskReason = 'asked' | 'refused'

/** Nobody asks this person any more: what is open ends, and what waits is left out. */
export async function doNotAsk(tx: Tx, personId: string, reason: DoNotAskReason): Promise<void> {
  const until = reason === 'refused' ? Prisma.sql`now() + interval '12 months'` : Prisma.sql`null`
  await tx.$executeRaw`
    insert into do_not_ask (person_id, reason, until) values (${personId}::uuid, ${reason}::do_not_ask_reason, ${until})
    on conflict (person_id) do update set reason = excluded.reason, at = now(), until = excluded.until
    where do_not_ask.until is not null`
  await tx.$executeRaw`
    with ended as (
      update invitation set ended_at = now(), ended = 'declined'
      where person_id = ${personId}::uuid and ended_at is null returning id)
    update mail m set state = 'suppressed', reason = 'ended' from ended
    where m.invitation_id = ended.id and m.state = 'waiting'`
}
