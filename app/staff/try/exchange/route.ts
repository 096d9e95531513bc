import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { isTrialAllowed } from '@/lib/trials/commands'
import { exchangeTrialCode } from '@/lib/trials/exchange'
import { parsePasted } from '@/lib/trials/pasted'

const form = z.object({ trial: z.uuid(), code: z.string().max(4_000).default(''), again: z.literal('yes').optional() })

/** Presents the code that came back, or one that was pasted, to ORCID; a used one only where that is asked for. */
export const POST = formRoute('orcid', form, async ({ trial, code: text, again }) => {
  const actor = await requireStaff('tryTheFlow')
  if (!isTrialAllowed()) return seeOther('/staff/try')
  const pasted = text.trim() === '' ? null : parsePasted(text, new URL(env().origin).host)
  if (pasted?.kind === 'problem') return seeOther(`/staff/try?trial=${trial}&problem=${pasted.problem}#exchange`)
  const problem = await exchangeTrialCode(actor, trial, {
    pasted: pasted?.code ?? null,
    isRepeated: again === 'yes',
  })
  const query = new URLSearchParams({ trial, ...(problem ? { problem } : {}) })
  if (!problem && pasted?.foreignHost) query.set('from', pasted.foreignHost)
  return seeOther(`/staff/try?${query}#exchange`)
})
