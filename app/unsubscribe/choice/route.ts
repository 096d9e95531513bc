import { z } from 'zod'
import { stopAsking } from '@/lib/campaigns/stop-asking'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { unsubscribe, unsubscribeLink } from '@/lib/mail/unsubscribing'

const fields = unsubscribeLink.extend({ choice: z.enum(['mail', 'asking']) })

/** No more mail, or no more asking. The page says what is so afterwards, also of a link that is not ours. */
export const POST = formRoute('write', fields, async ({ choice, ...link }, { requestId }) => {
  if (choice === 'asking') await stopAsking(link, requestId)
  else await unsubscribe(link, requestId)
  return seeOther(`/unsubscribe?${new URLSearchParams(link)}`)
})
