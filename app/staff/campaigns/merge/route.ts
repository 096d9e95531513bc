import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { listAddressedLanguages } from '@/lib/campaigns/audience'
import { findSampleValues } from '@/lib/campaigns/prepare'
import { findCampaign } from '@/lib/campaigns/queries'
import { exportMerge } from '@/lib/exports/merge'
import { answerDownload, refuseDownload } from '@/lib/http/download'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { renderMail } from '@/lib/mail/render'

const fields = z.object({ campaign: z.uuid(), format: z.enum(['csv', 'xlsx']) })

/** A file with a new personal link for each person who is still to be asked. */
export const POST = formRoute('export', fields, async ({ campaign: id, format }, { requestId }) => {
  const actor = await requireStaff('exportLinks')
  const campaign = await findCampaign(id)
  if (!campaign) return seeOther('/staff/campaigns')
  if (campaign.state !== 'open' || campaign.audience === null) {
    return refuseDownload((await getTranslations('staff.campaigns.merge'))('closed'))
  }
  const template = campaign.steps[0]?.template ?? 'invitation'
  const subjects: Record<string, string> = {}
  for (const locale of await listAddressedLanguages(campaign)) {
    const values = await findSampleValues(campaign, locale)
    subjects[locale] = (await renderMail({ template, locale, values, person: null })).subject
  }
  return answerDownload('orcid-links', format, await exportMerge(actor, campaign, { format, subjects, requestId }))
})
