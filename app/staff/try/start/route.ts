import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { getLanguage } from '@/lib/i18n/request'
import { askableScopes } from '@/lib/orcid/scopes'
import { isTrialAllowed, startTrial } from '@/lib/trials/commands'
import { findScopeProblems, readScopes } from '@/lib/trials/scopes'
import { startTwoLeggedTrial } from '@/lib/trials/token-use'
import { isRedirectUri } from '@/lib/trials/trial'

const names = z.union([z.string().max(200), z.array(z.string().max(200)).max(60)]).transform((given) => [given].flat())
const form = z.object({
  flow: z.enum(['three-legged', 'two-legged']).default('three-legged'),
  scope: names.default([]),
  more: z.string().max(1_000).default(''),
  redirect_uri: z.string().max(1_000).optional(),
})

/** Begins a trial. What cannot be asked for leads back to the form, with what was entered and what is wrong with it. */
export const POST = formRoute('orcid', form, async ({ flow, scope, more, redirect_uri: given }, { requestId }) => {
  const actor = await requireStaff('tryTheFlow')
  if (!isTrialAllowed()) return seeOther('/staff/try')
  if (flow === 'two-legged') return seeOther(`/staff/try?trial=${await startTwoLeggedTrial(actor, requestId)}#exchange`)
  const { api, redirectUri } = env().orcid
  const scopes = [...new Set([...scope, ...readScopes(more)])].sort()
  const address = given?.trim() || redirectUri
  if (scopes.length === 0 || findScopeProblems(scopes, askableScopes(api)).length > 0 || !isRedirectUri(address)) {
    const entered = [...scopes.map((name) => ['scope', name]), ['redirect_uri', address], ['checked', 'yes']]
    return seeOther(`/staff/try?${new URLSearchParams(entered)}`)
  }
  const id = await startTrial(actor, { scopes, redirectUri: address, locale: await getLanguage(), requestId })
  return seeOther(`/staff/try?trial=${id}#url`)
})
