import { z } from 'zod'
import { undoVisit } from '@/lib/attempts/commands'
import { findSignedIn } from '@/lib/auth/session'
import { beginAttempt } from '@/lib/auth/start'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { forgetRecords } from '@/lib/records/cache'

const fields = z.object({
  undo: z.enum(['visit', 'permission']).optional(),
  sure: z.literal('yes').optional(),
})

/** Signs out and asks ORCID again with its sign-in page first. The visit is undone only as far as the form says. */
export const POST = formRoute('start', fields, async ({ undo, sure }, { requestId }) => {
  const signedIn = await findSignedIn()
  if (!signedIn) return seeOther('/')
  if (undo === 'permission' && !sure) return seeOther('/connect/not-me')
  const { actor, attemptId } = signedIn
  const again = await undoVisit(actor, { attemptId, agreed: undo ?? null, requestId })
  if (undo) forgetRecords(actor.researcherId)
  return beginAttempt({ ...again, freshLogin: true }, requestId)
})
