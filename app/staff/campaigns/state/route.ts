import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { closeCampaign, deleteDraft, pauseCampaign, resumeCampaign } from '@/lib/campaigns/commands'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'

const fields = z.discriminatedUnion('action', [
  z.object({ campaign: z.uuid(), action: z.enum(['pause', 'resume']) }),
  z.object({ campaign: z.uuid(), action: z.enum(['close', 'delete']), sure: z.literal('yes') }),
])

/** Pauses, resumes or closes a campaign, or deletes a draft. */
export const POST = formRoute('write', fields, async ({ campaign: id, action }, { requestId }) => {
  const actor = await requireStaff('writeCampaigns')
  const act = { pause: pauseCampaign, resume: resumeCampaign, close: closeCampaign, delete: deleteDraft }[action]
  await act(actor, id, requestId)
  return seeOther(action === 'delete' ? '/staff/campaigns?note=deleted' : `/staff/campaigns/${id}`)
})
