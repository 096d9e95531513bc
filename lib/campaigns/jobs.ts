import 'server-only'
import { system } from '@/lib/actor'
import { pauseAfterFailures } from '@/lib/campaigns/commands'
import { prepareMail } from '@/lib/campaigns/prepare'
import { advanceMailings, runCampaigns } from '@/lib/campaigns/timetable'
import { inTransaction } from '@/lib/db'
import { sendWaitingMails } from '@/lib/mail/sending'

/** Mails that are put into the outbox ask for the next run. */
async function sendMail(): Promise<void> {
  await advanceMailings()
  await sendWaitingMails({
    prepare: prepareMail,
    pauseCampaign: (campaignId) => inTransaction((tx) => pauseAfterFailures(tx, system, campaignId)),
  })
  await advanceMailings()
}

export const campaignJobs = {
  handlers: { 'campaign-steps': () => runCampaigns(), 'send-mail': sendMail },
  timetable: ['*/5 * * * * campaign-steps', '* * * * * send-mail'].join('\n'),
}
