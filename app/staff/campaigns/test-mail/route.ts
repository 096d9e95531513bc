import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { listAddressedLanguages } from '@/lib/campaigns/audience'
import { findPlan } from '@/lib/campaigns/planning'
import { findSampleValues } from '@/lib/campaigns/prepare'
import { findCampaign } from '@/lib/campaigns/queries'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { sendTestMail } from '@/lib/mail/test-mail'

const fields = z.object({
  campaign: z.uuid(),
  step: z.string().max(3).optional(),
  correction: z.uuid().optional(),
  address: z.string().trim().max(320),
  locale: z.string().max(35),
})

/** Sends the mail that is about to be confirmed to whoever confirms it. */
export const POST = formRoute('invite', fields, async (sent, { requestId }) => {
  const { campaign: id, step, correction, address, locale } = sent
  const actor = await requireStaff('openCampaigns')
  const campaign = await findCampaign(id)
  const plan = campaign && (await findPlan(campaign, { step: step ?? null, correction: correction ?? null }))
  if (!campaign || !plan?.template) return seeOther(`/staff/campaigns/${id}?note=changed`)
  const languages = await listAddressedLanguages(campaign)
  const language = languages.find((each) => each === locale) ?? languages[0] ?? 'en'
  const values = await findSampleValues(campaign, language)
  const mail = { campaignId: id, template: plan.template, locale: language, address, values }
  const test = (await sendTestMail(actor, mail, requestId)) ?? 'sent'
  const query = new URLSearchParams({ ...(step && { step }), ...(correction && { correction }), test })
  return seeOther(`/staff/campaigns/${id}/open?${query}#test`)
})
