import { z } from 'zod'
import { requireResearcher } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { refuseMyBinding } from '@/lib/people/commands'
import { PeopleError } from '@/lib/people/person'

/** "This is not me", about the person that the page showed. Sent twice, it leads to the same page. */
export const POST = formRoute('write', z.object({ person: z.uuid() }), async ({ person }, { requestId }) => {
  const { actor } = await requireResearcher()
  try {
    await refuseMyBinding(actor, person, requestId)
  } catch (error) {
    if (!(error instanceof PeopleError)) throw error
  }
  return seeOther('/me/person/refused')
})
