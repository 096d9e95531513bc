import type { NextRequest } from 'next/server'
import { z } from 'zod'
import { listShownBefore } from '@/lib/attempts/queries'
import { unpackForm } from '@/lib/attempts/return-point'
import { findOwnAttempt } from '@/lib/auth/callback'
import { requireResearcher } from '@/lib/auth/gates'
import { beginAttempt } from '@/lib/auth/start'
import { findAskingCampaign } from '@/lib/campaigns/asking'
import { deriveConnection } from '@/lib/grants/grant'
import { listMyGrants } from '@/lib/grants/queries'
import { parseOwnPath } from '@/lib/http/own-path'
import { badRequestPage } from '@/lib/http/plain-page'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { getLanguage } from '@/lib/i18n/request'
import { listAskable } from '@/lib/texts/asked'

const fields = z.object({
  purpose: z.enum(['connect', 'sign-in', 'narrow', 'again']).default('connect'),
  scope: z.union([z.string().transform((scope) => [scope]), z.array(z.string())]).optional(),
  /** Of signing in: the page to come to afterwards, and what was typed there. */
  to: z.string().optional(),
  kept: z.string().optional(),
  /** Which systems the page named. */
  systems: z.string().max(100).optional(),
  /** ORCID is to ask for the password, although they are signed in there. */
  fresh: z.literal('yes').optional(),
})

/** The button. What is asked for is decided here: the ticked ones, and nothing that the institution does not ask for. */
export const POST = formRoute(
  ({ purpose }) => (purpose === 'sign-in' ? 'sign_in' : 'start'),
  fields,
  async ({ purpose, scope, to, kept, fresh, systems }, { request, requestId }) => {
    if (purpose === 'sign-in') {
      const path = parseOwnPath(to)
      const returnPoint = path ? { path, form: unpackForm(kept) } : null
      return beginAttempt(
        { purpose: 'sign_in', scopes: ['openid'], returnPoint, asksPassword: fresh === 'yes' },
        requestId,
      )
    }
    if (purpose === 'narrow') return startNarrowing(scope ?? [], requestId)
    if (purpose === 'again') return startAgain(request, requestId)
    const askable = await listAskable()
    const wanted = scope ?? askable
    if (wanted.some((one) => !askable.includes(one))) return badRequestPage()
    const scopes = [...new Set(['openid', ...wanted])].sort()
    return beginAttempt({ purpose: 'connect', scopes, named: { version: systems } }, requestId)
  },
)

/** An attempt after which somebody permits less: nothing is asked for that they do not permit already. */
async function startNarrowing(wanted: string[], requestId: string) {
  const { actor } = await requireResearcher()
  const { liveScopes } = deriveConnection(await listMyGrants(actor))
  if (wanted.some((one) => one !== 'openid' && !liveScopes.includes(one))) return badRequestPage()
  const scopes = [...new Set(['openid', ...wanted])].sort()
  const carried = await listShownBefore({ researcherId: actor.researcherId })
  return beginAttempt({ purpose: 'narrow', scopes, named: { carried } }, requestId)
}

/** The attempt that this browser holds once more, as it was: ORCID then asks nothing that was answered already. */
async function startAgain(request: NextRequest, requestId: string) {
  const attempt = await findOwnAttempt(request)
  if (!attempt) return seeOther('/')
  const { purpose, scopesAsked, staffInvitationId, campaignId, invitationId, linkId, atDesk } = attempt
  if (purpose === 'narrow') return startNarrowing(scopesAsked, requestId)
  if (purpose === 'sign_in')
    return beginAttempt({ purpose, scopes: scopesAsked, staffInvitationId: staffInvitationId ?? undefined }, requestId)
  const origin = { campaignId, invitationId, linkId, atDesk }
  const campaign = campaignId ? await findAskingCampaign({ id: campaignId }, await getLanguage()) : null
  const askable = campaign?.scopes ?? (await listAskable())
  const scopes = scopesAsked.filter((one) => askable.includes(one))
  const carried = await listShownBefore({ attemptId: attempt.id })
  return beginAttempt({ purpose: 'connect', scopes, origin, freshLogin: atDesk, named: { carried } }, requestId)
}
