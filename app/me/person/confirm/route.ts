import { z } from 'zod'
import { requireResearcher } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { confirmMyBinding } from '@/lib/people/commands'

/** "Yes, this is me", about the person that the page showed. */
export const POST = formRoute('write', z.object({ person: z.uuid() }), async ({ person }, { requestId }) => {
  const { actor } = await requireResearcher()
  await confirmMyBinding(actor, person, requestId)
  return seeOther('/me#items')
})
