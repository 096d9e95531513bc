import { z } from 'zod'
import { getMailValues } from '@/app/staff/campaigns/_components/mail-values'
import { readReminder, remindFields, toPlanQuery } from '@/app/staff/campaigns/_components/plan-form'
import { requireStaff } from '@/lib/auth/gates'
import { listAddressedLanguages } from '@/lib/campaigns/audience'
import { findPlan } from '@/lib/campaigns/planning'
import { findCampaign } from '@/lib/campaigns/queries'
import { sendTestMail } from '@/lib/campaigns/test-mail'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { findAddressFault } from '@/lib/mail/address'

const fields = z.object({
  campaign: z.uuid(),
  step: z.string().max(3).optional(),
  correction: z.uuid().optional(),
  ...remindFields,
  address: z.string().trim().max(320),
  locale: z.string().max(35),
})

/** Sends the mail that is about to be confirmed to whoever confirms it. */
export const POST = formRoute('invite', fields, async (form) => {
  const { campaign: id, step, correction, address, locale } = form
  const actor = await requireStaff('openCampaigns')
  const campaign = await findCampaign(id)
  const filters = readReminder(form)
  const plan = campaign && (await findPlan(actor, campaign, { step, correction, remind: filters }))
  if (!campaign || !plan?.template) return seeOther(`/staff/campaigns/${id}?note=changed`)
  const languages = await listAddressedLanguages(campaign)
  const language = languages.find((each) => each === locale) ?? languages[0] ?? 'en'
  const isOurs = findAddressFault(address) === null
  if (isOurs) {
    const values = await getMailValues(campaign, language)
    await sendTestMail(actor, { campaignId: id, template: plan.template, locale: language, address, values })
  }
  const note = isOurs ? 'tested' : 'address'
  return seeOther(`/staff/campaigns/${id}/open?${toPlanQuery({ step, correction, filters }, note)}`)
})
