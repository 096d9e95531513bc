import { z } from 'zod'
import { requireResearcher } from '@/lib/auth/gates'
import { deriveConnection } from '@/lib/grants/grant'
import { listMyGrants } from '@/lib/grants/queries'
import { badRequestPage } from '@/lib/http/plain-page'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { isIdentityOnly } from '@/lib/orcid/scopes'
import { listAskable } from '@/lib/texts/asked'

const fields = z.object({
  scope: z.union([z.string().transform((scope) => [scope]), z.array(z.string())]).default([]),
})

/** The ticks on `/me`. More leads to the page that asks for it, less to the page that says what ends. */
export const POST = formRoute('start', fields, async ({ scope }) => {
  const { actor } = await requireResearcher()
  const { liveScopes } = deriveConnection(await listMyGrants(actor))
  const askable = await listAskable()
  if (scope.some((one) => !askable.includes(one) && !liveScopes.includes(one))) return badRequestPage()
  const wanted = [...new Set(scope)].filter((one) => !isIdentityOnly([one]))
  const live = liveScopes.filter((one) => !isIdentityOnly([one]))
  const more = wanted.filter((one) => !live.includes(one))
  const keep = wanted.filter((one) => live.includes(one))
  if (keep.length < live.length) {
    const query = new URLSearchParams([...keep.map((one) => ['keep', one]), ['sure', 'asked']])
    if (more.length > 0) query.append('more', 'later')
    return seeOther(`/me/narrow?${query}`)
  }
  if (more.length === 0 && liveScopes.length > 0) return seeOther('/me?note=same#permissions')
  const asked = ['openid', ...wanted].filter((one) => askable.includes(one))
  return seeOther(`/connect?${new URLSearchParams(asked.map((one) => ['scope', one]))}`)
})
