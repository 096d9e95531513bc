import { z } from 'zod'
import { beginAttempt } from '@/lib/auth/start'
import { findAskingCampaign } from '@/lib/campaigns/asking'
import { badRequestPage } from '@/lib/http/plain-page'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { getLanguage } from '@/lib/i18n/request'

const fields = z.object({
  code: z.string().max(100),
  /** Which systems the page named. */
  systems: z.string().max(100).optional(),
  scope: z.union([z.string().transform((scope) => [scope]), z.array(z.string())]).optional(),
  /** A computer that many people use: ORCID asks for the password, and nobody stays signed in here. */
  desk: z.literal('yes').optional(),
})

/** The button of a campaign’s public page. */
export const POST = formRoute('start', fields, async ({ code, scope, desk, systems }, { requestId }) => {
  const campaign = await findAskingCampaign({ code }, await getLanguage())
  if (campaign?.state !== 'open') return seeOther(`/c/${encodeURIComponent(code)}`)
  const wanted = scope ?? campaign.scopes
  if (wanted.some((one) => !campaign.scopes.includes(one))) return badRequestPage()
  const atDesk = desk === 'yes'
  return beginAttempt(
    {
      purpose: 'connect',
      scopes: [...new Set(['openid', ...wanted])].sort(),
      origin: { campaignId: campaign.id, invitationId: null, linkId: null, atDesk },
      freshLogin: atDesk,
      named: { version: systems },
    },
    requestId,
  )
})
