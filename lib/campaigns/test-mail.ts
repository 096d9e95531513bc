import 'server-only'
import type { StaffActor } from '@/lib/actor'
import { db, inTransaction } from '@/lib/db'
import { enqueueMails } from '@/lib/mail/outbox'
import type { MailValues } from '@/lib/mail/render'

/** The address that the roster has for a member of staff, or null. */
export async function findMyAddress({ orcid }: StaffActor): Promise<string | null> {
  const person = await db().person.findUnique({ where: { orcid }, select: { email: true } })
  return person?.email ?? null
}

type TestMail = { campaignId: string; template: string; locale: string; address: string; values: MailValues }

/** Sends a mail of a campaign to whoever is about to open it. */
export function sendTestMail(actor: StaffActor, { campaignId, values, ...mail }: TestMail): Promise<void> {
  return inTransaction(async (tx) => {
    const filled = { ...values, campaignId }
    await enqueueMails(tx, [{ kind: 'test', ...mail, staffId: actor.staffId, values: filled }])
  })
}
