import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { confirmCorrection } from '@/lib/campaigns/mailings'
import { openCampaign, sendStep } from '@/lib/campaigns/opening'
import { findCampaign } from '@/lib/campaigns/queries'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'

const fields = z.object({
  campaign: z.uuid(),
  step: z.string().max(3).optional(),
  correction: z.uuid().optional(),
  number: z.string().max(100).optional(),
})

/** Spaces and separators of thousands are no mistakes. */
function parseNumber(text: string | undefined): number | null {
  const digits = text?.replace(/[\s.,'’]/g, '') ?? ''
  return /^\d{1,9}$/.test(digits) ? Number(digits) : null
}

/** Opens a campaign, sends a step once more or sends a correction, or leads back and says why not. */
export const POST = formRoute('write', fields, async ({ campaign: id, step, correction, number }, { requestId }) => {
  const actor = await requireStaff('openCampaigns')
  const campaign = await findCampaign(id)
  if (!campaign) return seeOther('/staff/campaigns')
  const typed = { typed: parseNumber(number), requestId }
  const refusal = correction
    ? await confirmCorrection(actor, campaign, { id: correction, ...typed })
    : step
      ? await sendStep(actor, campaign, { place: Number(step), ...typed })
      : await openCampaign(actor, campaign, typed)
  const here = `/staff/campaigns/${id}`
  if (!refusal) return seeOther(`${here}?note=${correction || step ? 'confirmed' : 'opened'}`)
  if (refusal === 'changed' || refusal === 'not_ready') return seeOther(`${here}?note=${refusal}`)
  const query = new URLSearchParams({ ...(step && { step }), ...(correction && { correction }), note: refusal })
  return seeOther(`${here}/open?${query}`)
})
