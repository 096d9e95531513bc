import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { approveMailing, continueMailing, findMailing, stopMailing, takeBackMailing } from '@/lib/campaigns/mailings'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'

const fields = z.discriminatedUnion('action', [
  z.object({ mailing: z.uuid(), action: z.enum(['approve', 'continue', 'stop']) }),
  z.object({ mailing: z.uuid(), action: z.literal('take_back'), sure: z.literal('yes') }),
])

const needs = { approve: 'openCampaigns', continue: 'openCampaigns', stop: 'stopMail', take_back: 'stopMail' } as const

/** Agrees to a mailing, lets it go on, stops it or takes it back. */
export const POST = formRoute('write', fields, async ({ mailing: id, action }, { requestId }) => {
  const actor = await requireStaff(needs[action])
  const act = { approve: approveMailing, continue: continueMailing, stop: stopMailing, take_back: takeBackMailing }[
    action
  ]
  const isDone = await act(actor, { id, requestId })
  const mailing = await findMailing(id)
  if (!mailing) return seeOther('/staff/campaigns')
  const note = isDone ? '' : action === 'approve' ? '?note=not_approved' : '?note=changed'
  return seeOther(`/staff/campaigns/${mailing.campaignId}${note}#mailings`)
})
