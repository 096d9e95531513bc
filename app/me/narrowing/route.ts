import { z } from 'zod'
import { requireResearcher } from '@/lib/auth/gates'
import { deriveConnection } from '@/lib/grants/grant'
import { narrowMyGrants } from '@/lib/grants/narrowing'
import { listMyGrants } from '@/lib/grants/queries'
import { badRequestPage } from '@/lib/http/plain-page'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { forgetRecords } from '@/lib/records/cache'

const fields = z.object({
  keep: z.union([z.string().transform((scope) => [scope]), z.array(z.string())]).default([]),
})

/** Permits no more than what is kept, which has to be a part of what is permitted. */
export const POST = formRoute('start', fields, async ({ keep }, { requestId }) => {
  const { actor } = await requireResearcher()
  const { liveScopes } = deriveConnection(await listMyGrants(actor))
  if (keep.some((scope) => !liveScopes.includes(scope))) return badRequestPage()
  const result = await narrowMyGrants(actor, keep, requestId)
  forgetRecords(actor.researcherId)
  if (result === 'connect_again') {
    return seeOther(`/me/narrow?${new URLSearchParams([...keep.map((scope) => ['keep', scope]), ['sure', 'asked']])}`)
  }
  return seeOther(`/me/narrowed?${new URLSearchParams({ result, ref: requestId })}`)
})
