import { z } from 'zod'
import { requireResearcher } from '@/lib/auth/gates'
import { refuseFieldsWhileHeld } from '@/lib/http/hold'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { answerForWorks } from '@/lib/works/answers'

const fields = z.object({ work: z.union([z.uuid(), z.literal('all')]), answer: z.enum(['add', 'refuse']) })

/** The caller's answer for one work that waits, or for all. */
export const POST = formRoute('write', fields, async ({ work, answer }, { requestId }) => {
  const { actor } = await requireResearcher()
  const held = answer === 'add' ? await refuseFieldsWhileHeld() : null
  if (held) return held
  await answerForWorks(actor, { work, answer, requestId })
  return seeOther(`/me/works?note=${answer}`)
})
