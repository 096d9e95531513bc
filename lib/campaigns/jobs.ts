import 'server-only'
import { system } from '@/lib/actor'
import { pauseAfterFailures } from '@/lib/campaigns/commands'
import { prepareMail } from '@/lib/campaigns/prepare'
import { advanceMailings, runCampaigns } from '@/lib/campaigns/timetable'
import { inTransaction } from '@/lib/db'
import { sendWaitingMails } from '@/lib/mail/sending'

/** A run ends before the next one begins. */
const sendForMs = 50_000

/** Sends, and goes on while mailings have more to send. */
async function sendMail(): Promise<void> {
  const until = Date.now() + sendForMs
  do {
    await advanceMailings()
    await sendWaitingMails({
      prepare: prepareMail,
      forMs: Math.max(until - Date.now(), 1_000),
      pauseCampaign: (campaignId) => inTransaction((tx) => pauseAfterFailures(tx, system, campaignId)),
    })
  } while (Date.now() < until && (await advanceMailings()) > 0)
}

export const campaignJobs = {
  handlers: { 'campaign-steps': () => runCampaigns(), 'send-mail': sendMail },
  timetable: ['*/5 * * * * campaign-steps', '* * * * * send-mail'].join('\n'),
}
