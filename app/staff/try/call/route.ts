import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { parseOrcid } from '@/lib/orcid/id'
import { isTrialAllowed } from '@/lib/trials/commands'
import { callWithTrialToken } from '@/lib/trials/token-use'
import { sections } from '@/lib/trials/trial'

const trial = z.uuid()
const form = z.discriminatedUnion('use', [
  z.object({ trial, use: z.literal('read'), orcid: z.string().max(200).optional() }),
  z.object({ trial, use: z.literal('section'), section: z.enum(sections) }),
  z.object({ trial, use: z.enum(['add', 'delete']) }),
])

/** Uses the trial's token once at ORCID's API. */
export const POST = formRoute('orcid', form, async (input) => {
  const actor = await requireStaff('tryTheFlow')
  if (!isTrialAllowed()) return seeOther('/staff/try')
  const orcid = input.use === 'read' && input.orcid ? parseOrcid(input.orcid) : undefined
  const problem = orcid === null ? 'not_an_id' : await callWithTrialToken(actor, input.trial, toUse(input, orcid))
  const query = new URLSearchParams({ trial: input.trial, ...(problem ? { problem } : {}) })
  return seeOther(`/staff/try?${query}#use`)
})

function toUse(input: z.infer<typeof form>, orcid: string | undefined) {
  return input.use === 'section' ? { use: input.use, section: input.section } : { use: input.use, orcid }
}
