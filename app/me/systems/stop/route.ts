import { z } from 'zod'
import { requireResearcher } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { forgetRecords } from '@/lib/records/cache'
import { stopForMe } from '@/lib/systems/stopping'

const fields = z.object({
  system: z.union([z.uuid(), z.literal('all')]),
  kind: z.enum(['paused', 'stopped']),
  /** Of all. */
  sure: z.literal('yes').optional(),
})

/** Pauses or stops a system for the person who asks, or stops all of them. */
export const POST = formRoute('write', fields, async ({ system, kind, sure }, { requestId }) => {
  const { actor } = await requireResearcher()
  if (system === 'all' && !sure) return seeOther('/me/systems')
  await stopForMe(actor, kind, system, requestId)
  forgetRecords(actor.researcherId)
  return seeOther(`/me/systems?note=${system === 'all' ? 'all' : kind}`)
})
