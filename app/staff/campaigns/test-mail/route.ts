import { z } from 'zod'
import { getMailValues } from '@/app/staff/campaigns/_components/mail-values'
import { readReminder, remindFields, toPlanQuery } from '@/app/staff/campaigns/_components/plan-form'
import { requireStaff } from '@/lib/auth/gates'
import { listAddressedLanguages } from '@/lib/campaigns/audience'
import { findPlan } from '@/lib/campaigns/planning'
import { findCampaign } from '@/lib/campaigns/queries'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { sendTestMail } from '@/lib/mail/test-mail'

const fields = z.object({
  campaign: z.uuid(),
  step: z.string().max(3).optional(),
  correction: z.uuid().optional(),
  ...remindFields,
  address: z.string().trim().max(320),
  locale: z.string().max(35),
})

/** Sends the mail that is about to be confirmed to whoever confirms it. */
export const POST = formRoute('invite', fields, async (form, { requestId }) => {
  const { campaign: id, step, correction, address, locale } = form
  const actor = await requireStaff('openCampaigns')
  const campaign = await findCampaign(id)
  const filters = readReminder(form)
  const plan = campaign && (await findPlan(actor, campaign, { step, correction, remind: filters }))
  if (!campaign || !plan?.template) return seeOther(`/staff/campaigns/${id}?note=changed`)
  const languages = await listAddressedLanguages(campaign)
  const language = languages.find((each) => each === locale) ?? languages[0] ?? 'en'
  const values = await getMailValues(campaign, language)
  const mail = { campaignId: id, template: plan.template, locale: language, address, values }
  const test = (await sendTestMail(actor, mail, requestId)) ?? 'sent'
  return seeOther(`/staff/campaigns/${id}/open?${toPlanQuery({ step, correction, filters }, { test })}#test`)
})
