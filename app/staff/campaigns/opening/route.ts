import { z } from 'zod'
import { readReminder, remindFields, toPlanQuery } from '@/app/staff/campaigns/_components/plan-form'
import { requireStaff } from '@/lib/auth/gates'
import { confirmCorrection } from '@/lib/campaigns/mailings'
import { openCampaign, sendStep } from '@/lib/campaigns/opening'
import { findCampaign } from '@/lib/campaigns/queries'
import { sendReminder } from '@/lib/campaigns/reminding'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'

const fields = z.object({
  campaign: z.uuid(),
  step: z.string().max(3).optional(),
  correction: z.uuid().optional(),
  ...remindFields,
  number: z.string().max(100).optional(),
})

/** Spaces and separators of thousands are no mistakes. */
function parseNumber(text: string | undefined): number | null {
  const digits = text?.replace(/[\s.,'’]/g, '') ?? ''
  return /^\d{1,9}$/.test(digits) ? Number(digits) : null
}

/** Opens a campaign, sends a step once more, a correction or a reminder, or leads back and says why not. */
export const POST = formRoute('write', fields, async (form, { requestId }) => {
  const { campaign: id, step, correction, number } = form
  const actor = await requireStaff('openCampaigns')
  const campaign = await findCampaign(id)
  if (!campaign) return seeOther('/staff/campaigns')
  const typed = { typed: parseNumber(number), requestId }
  const filters = readReminder(form)
  const refusal = filters
    ? await sendReminder(actor, campaign, { filters, ...typed })
    : correction
      ? await confirmCorrection(actor, campaign, { id: correction, ...typed })
      : step
        ? await sendStep(actor, campaign, { place: Number(step), ...typed })
        : await openCampaign(actor, campaign, typed)
  const here = `/staff/campaigns/${id}`
  if (!refusal) return seeOther(`${here}?note=${filters || correction || step ? 'confirmed' : 'opened'}`)
  if (refusal === 'changed' || refusal === 'not_ready') return seeOther(`${here}?note=${refusal}`)
  return seeOther(`${here}/open?${toPlanQuery({ step, correction, filters }, { note: refusal })}`)
})
