import type { NextRequest } from 'next/server'
import { z } from 'zod'
import { noOrigin } from '@/lib/attempts/attempt'
import { listReasonsRead, listShownBefore } from '@/lib/attempts/queries'
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
    if (purpose === 'narrow') return startNarrowing({ wanted: scope ?? [], systems }, requestId)
    if (purpose === 'again') return startAgain(request, { wanted: scope, systems }, requestId)
    const askable = await listAskable()
    const wanted = scope ?? askable
    if (wanted.some((one) => !askable.includes(one))) return badRequestPage()
    const scopes = [...new Set(['openid', ...wanted])].sort()
    return beginAttempt({ purpose: 'connect', scopes, named: { version: systems } }, requestId)
  },
)

/** An attempt after which somebody permits less: nothing is asked for that they do not permit already. */
async function startNarrowing({ wanted, systems }: { wanted: string[]; systems?: string }, requestId: string) {
  const { actor } = await requireResearcher()
  const { liveScopes } = deriveConnection(await listMyGrants(actor))
  if (wanted.some((one) => one !== 'openid' && !liveScopes.includes(one))) return badRequestPage()
  const scopes = [...new Set(['openid', ...wanted])].sort()
  const carried = await listShownBefore({ researcherId: actor.researcherId })
  const reasons = await listReasonsRead(actor, await getLanguage())
  return beginAttempt({ purpose: 'narrow', scopes, named: { version: systems, carried }, reasons }, requestId)
}

/**
 * The attempt that this browser holds once more, by the same link. As it was, or for what is wanted now: after a refusal
 * that may be the iD alone.
 */
async function startAgain(
  request: NextRequest,
  { wanted, systems }: { wanted?: string[]; systems?: string },
  requestId: string,
) {
  const attempt = await findOwnAttempt(request)
  if (!wanted) {
    if (!attempt) return seeOther('/')
    const { purpose, scopesAsked, staffInvitationId } = attempt
    if (purpose === 'narrow') return startNarrowing({ wanted: scopesAsked }, requestId)
    if (purpose === 'sign_in')
      return beginAttempt(
        { purpose, scopes: scopesAsked, staffInvitationId: staffInvitationId ?? undefined },
        requestId,
      )
  }
  const { campaignId, invitationId, linkId, atDesk } = attempt ?? noOrigin
  const campaign = campaignId ? await findAskingCampaign({ id: campaignId }, await getLanguage()) : null
  const askable = campaign?.scopes ?? (await listAskable())
  const scopes = ['openid', ...(wanted ?? attempt?.scopesAsked ?? [])].filter((one) => askable.includes(one))
  const origin = { campaignId, invitationId, linkId, atDesk }
  const named =
    wanted || !attempt ? { version: systems } : { carried: await listShownBefore({ attemptId: attempt.id }) }
  return beginAttempt(
    { purpose: 'connect', scopes: [...new Set(scopes)].sort(), origin, freshLogin: atDesk, named },
    requestId,
  )
}
