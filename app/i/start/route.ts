import { z } from 'zod'
import { prefillOf } from '@/lib/auth/prefill'
import { beginAttempt } from '@/lib/auth/start'
import { findAskingCampaign } from '@/lib/campaigns/asking'
import { readLink } from '@/lib/campaigns/links'
import { badRequestPage } from '@/lib/http/plain-page'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { getLanguage } from '@/lib/i18n/request'
import { listAskable } from '@/lib/texts/asked'

const fields = z.object({
  token: z.string().max(300),
  /** Which systems the page named. */
  systems: z.string().max(100).optional(),
  scope: z.union([z.string().transform((scope) => [scope]), z.array(z.string())]).optional(),
  /** Somebody else is signed in, here or at ORCID. */
  fresh: z.literal('yes').optional(),
})

/** The button of a personal link. The attempt remembers the link, and ORCID’s forms are filled in. */
export const POST = formRoute('start', fields, async ({ token, scope, fresh, systems }, { requestId }) => {
  const read = await readLink(token)
  if (read.kind !== 'usable') return seeOther(read.kind === 'unknown' ? '/i' : `/i/${encodeURIComponent(token)}`)
  const { id: linkId, invitationId, campaignId } = read.link
  const campaign = campaignId ? await findAskingCampaign({ id: campaignId }, await getLanguage()) : null
  const askable = campaign?.scopes ?? (await listAskable())
  const wanted = scope ?? askable
  if (wanted.some((one) => !askable.includes(one))) return badRequestPage()
  return beginAttempt(
    {
      purpose: 'connect',
      scopes: [...new Set(['openid', ...wanted])].sort(),
      origin: { campaignId, invitationId, linkId, atDesk: false },
      prefill: prefillOf(read.link),
      named: { version: systems },
      freshLogin: fresh === 'yes',
    },
    requestId,
  )
})
