import 'server-only'
import { inTransaction, Prisma, type Tx, toSqlTime } from '@/lib/db'
import { enqueueJob } from '@/lib/jobs/queue'

const holds = Prisma.sql`(d.until is null or d.until > now())`

/** SQL: nobody is to ask the person now, also by an entry that was merged into theirs. `personId`: a column or value. */
export const isNotToBeAsked = (personId: Prisma.Sql) => Prisma.sql`(
  exists (select from do_not_ask d where d.person_id = ${personId} and ${holds})
  or exists (select from person e join do_not_ask d on d.person_id = e.id where e.merged_into_id = ${personId} and ${holds}))`

/** Whose word counts as somebody's. */
export const saidBy = (personId: string) => ({ OR: [{ id: personId }, { mergedIntoId: personId }] })

/**
 * Ends asking somebody, in all campaigns: for 12 months after a refusal at ORCID, and without end where they asked for
 * it. What waits in the outbox is withheld when its turn comes. No event: the history would name them. Repeatable.
 * `at`: when they said so, where the restore ledger remembers it. Returns false if that was known.
 */
export async function doNotAsk(tx: Tx, personId: string, reason: 'refused' | 'asked', at?: Date): Promise<boolean> {
  const since = at ? toSqlTime(at) : Prisma.sql`now()`
  const until = reason === 'refused' ? Prisma.sql`${since} + interval '12 months'` : Prisma.sql`null`
  // The person before the invitations, as in the trigger `end_asking`. "Do not ask me again" outlives a refusal.
  const changed = await tx.$executeRaw`
    insert into do_not_ask as known (person_id, reason, at, until)
    select id, ${reason}::do_not_ask_reason, ${since}, ${until} from person where id = ${personId}::uuid
    on conflict (person_id) do update set reason = excluded.reason, until = excluded.until, at = excluded.at
      where known.reason <> 'asked' and known.at < excluded.at`
  await tx.$executeRaw`
    update invitation set ended_at = now(), ended = 'declined' where person_id = ${personId}::uuid and ended_at is null`
  if (changed === 0) return false
  // At once: until the ledger has it, a restore would undo it.
  await enqueueJob(tx, 'ledger', { key: 'ledger' })
  return true
}

/** Takes back “do not ask me again”. A refusal at ORCID runs out by itself. Returns false if nobody had said so. */
export async function allowAsking(tx: Tx, personId: string, at?: Date): Promise<boolean> {
  const before = at && { at: { lt: at } }
  const { count } = await tx.doNotAsk.deleteMany({ where: { person: saidBy(personId), reason: 'asked', ...before } })
  return count > 0
}

export type LedgerWish = { personId: string; reason: 'refused' | 'asked' | 'lifted'; at: Date }

/** What somebody said last of being asked, again after a restore. Returns false if that was known, or is over. */
export function declineAgain({ personId, reason, at }: LedgerWish): Promise<boolean> {
  return inTransaction(async (tx) => {
    if (reason === 'lifted') return allowAsking(tx, personId, at)
    const known = await tx.doNotAsk.count({ where: { personId, at: { gte: at } } })
    const over = new Date(at)
    over.setUTCFullYear(over.getUTCFullYear() + 1)
    if (known > 0 || (reason === 'refused' && over <= new Date())) return false
    return doNotAsk(tx, personId, reason, at)
  })
}
