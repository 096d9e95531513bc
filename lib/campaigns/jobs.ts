import 'server-only'
import { prepareMail } from '@/lib/campaigns/prepare'
import { inTransaction } from '@/lib/db'
import { sendWaitingMails } from '@/lib/mail/sending'

const pauseCampaign = (id: string, reason: 'failures') =>
  inTransaction((tx) =>
    tx.campaign.updateMany({
      where: { id, state: 'open' },
      data: { state: 'paused', pausedAt: new Date(), pauseReason: reason },
    }),
  )

export const campaignJobs = {
  handlers: { 'send-mail': () => sendWaitingMails({ prepare: prepareMail, pauseCampaign }) },
  timetable: '* * * * * send-mail',
}
