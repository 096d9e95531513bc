import { randomUUID } from 'node:crypto'
import { db, inTransaction, type Prisma } from '@/lib/db'
import type { PrepareMail } from '@/lib/mail/mail'
import { enqueueMails, type NewMail } from '@/lib/mail/outbox'

/** A campaign that is open, with a mailing that has begun. */
export async function addMailing(
  madeById: string,
  more: Partial<Prisma.MailingUncheckedCreateInput> = {},
  campaign: Partial<Prisma.CampaignUncheckedCreateInput> = {},
): Promise<{ campaignId: string; mailingId: string }> {
  const { id: campaignId } = await db().campaign.create({
    data: {
      name: 'Everybody',
      state: 'open',
      code: randomUUID(),
      purpose: 'Because',
      scopes: [],
      madeById,
      ...campaign,
    },
  })
  const { id: mailingId } = await db().mailing.create({
    data: {
      campaignId,
      step: 1,
      template: 'invitation',
      state: 'sending',
      recipients: 1,
      startsAt: new Date(Date.now() - 60_000),
      ...more,
    },
  })
  return { campaignId, mailingId }
}

/** Mails to `mail1@example.org` and so on. */
export async function addMails(count: number, more: Partial<NewMail> = {}): Promise<void> {
  const mails = Array.from({ length: count }, (_, n) => ({
    kind: 'invitation' as const,
    template: 'invitation',
    locale: 'en',
    address: `mail${n + 1}@example.org`,
    ...more,
  }))
  await inTransaction((tx) => enqueueMails(tx, mails))
}

/** As short as a mail can be. */
export const prepareShort: PrepareMail = async (_tx, { address }) => ({
  to: { name: null, address: address ?? '' },
  subject: 'Your ORCID iD',
  html: '<p>Connect it.</p>',
  text: 'Connect it.',
  unsubscribeUrl: null,
})
