import 'server-only'
import type { Tx } from '@/lib/db'
import type { PrepareMail } from '@/lib/mail/mail'

type Sending = {
  prepare: PrepareMail
  forMs: number
  pauseCampaign: (tx: Tx, campaignId: string) => Promise<void>
}

/** Sends what waits in the outbox, for at most so long. */
export async function sendWaitingMails(_how: Sending): Promise<void> {}
