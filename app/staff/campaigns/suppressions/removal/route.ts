import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { liftSuppression } from '@/lib/mail/suppression'

/** Takes an address off the list. */
export const POST = formRoute(
  'write',
  z.object({ entry: z.uuid(), sure: z.literal('yes') }),
  async ({ entry }, { requestId }) => {
    const actor = await requireStaff('writeCampaigns')
    const isLifted = await liftSuppression(actor, entry, requestId)
    return seeOther(`/staff/campaigns/suppressions?note=${isLifted ? 'lifted' : 'gone'}`)
  },
)
