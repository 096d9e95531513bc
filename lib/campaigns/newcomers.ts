import 'server-only'
import { readAudience } from '@/lib/campaigns/audience'
import { isStanding } from '@/lib/campaigns/campaign'
import type { Campaign } from '@/lib/campaigns/queries'
import { db, inTransaction } from '@/lib/db'

/**
 * Gives everybody of the audience an invitation, some thousands of people by id in a short transaction each. Repeating
 * it gives nobody two. Returns how many are new.
 */
export async function inviteAudience(campaign: Campaign): Promise<number> {
  let invited = 0
  let after: string | null = null
  do {
    const cursor: string | null = after
    const batch = await inTransaction(async (tx) => {
      const { people, next } = await readAudience(tx, campaign, cursor, { notIn: campaign.id })
      const ids = people.map(({ id }) => id)
      // Not into a campaign that was closed meanwhile.
      const count = await tx.$executeRaw`
        insert into invitation (campaign_id, person_id, made_by_id)
        select c.id, person.id, null
        from campaign c, person
        where c.id = ${campaign.id}::uuid and c.state in ('open', 'paused') and person.id = any(${ids}::uuid[]) and listed
        on conflict do nothing`
      return { count, next }
    })
    invited += batch.count
    after = batch.next
  } while (after)
  return invited
}

/** Invites the audience of a campaign that was just opened, then whoever has joined it since. */
export async function inviteWhoeverIsNew(campaign: Campaign): Promise<void> {
  if (campaign.audience === null) return
  if (campaign.invitedAt === null) {
    await inviteAudience(campaign)
    await db().campaign.updateMany({ where: { id: campaign.id, invitedAt: null }, data: { invitedAt: new Date() } })
  } else if (campaign.newcomersAfterDays !== null) {
    if (isStanding(campaign)) await forgetLastYear(campaign)
    await inviteAudience(campaign)
  }
}

/** Whoever was asked more than a year ago may be asked again: their invitation goes, with its links and mails. */
async function forgetLastYear({ id }: Campaign): Promise<void> {
  await db().$executeRaw`
    delete from invitation
    where campaign_id = ${id}::uuid and coalesce(last_mail_at, made_at) < now() - interval '1 year'`
}
