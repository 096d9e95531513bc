import 'server-only'
import { system } from '@/lib/actor'
import { pauseAfterFailures } from '@/lib/campaigns/commands'
import { advanceMailings, runCampaigns } from '@/lib/campaigns/timetable'
import { inTransaction } from '@/lib/db'
import type { PrepareMail } from '@/lib/mail/mail'
import { sendWaitingMails } from '@/lib/mail/sending'

/** Mails that are put into the outbox ask for the next run. */
async function sendMail(prepare: PrepareMail): Promise<void> {
  await advanceMailings()
  await sendWaitingMails({
    prepare,
    pauseCampaign: (campaignId) => inTransaction((tx) => pauseAfterFailures(tx, system, campaignId)),
  })
  await advanceMailings()
}

/** `prepare` is for the mails of all domains. */
export const makeCampaignJobs = (prepare: PrepareMail) => ({
  handlers: { 'campaign-steps': () => runCampaigns(), 'send-mail': () => sendMail(prepare) },
  timetable: ['*/5 * * * * campaign-steps', '* * * * * send-mail'].join('\n'),
})
