import 'server-only'
import { z } from 'zod'
import { keepFunnel } from '@/lib/campaigns/funnel'
import { db, inTransaction, Prisma, queryRows } from '@/lib/db'

/**
 * Keeps the numbers of campaigns that were closed so many days ago, before their invitations are deleted, and takes the
 * campaign out of what is known of people's attempts. Idempotent.
 */
export async function prepareForgetting(days: number): Promise<void> {
  const closed = Prisma.sql`select id from campaign where closed_at < now() - make_interval(days => ${days})`
  const due = await queryRows(
    db(),
    z.object({ id: z.string() }),
    Prisma.sql`
    select id::text from (${closed}) closed where exists (select from invitation i where i.campaign_id = closed.id)
      and not exists (select from campaign_figure f where f.campaign_id = closed.id)`,
  )
  for (const { id } of due) await inTransaction((tx) => keepFunnel(tx, id))
  // Of refusals nobody knows whose they were; their attempts are deleted by age.
  await db().$executeRaw`
    update authorization_attempt set campaign_id = null where campaign_id in (${closed}) and researcher_id is not null`
}
