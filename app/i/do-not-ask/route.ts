import { z } from 'zod'
import { setDoNotAsk } from '@/lib/campaigns/answers'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'

const fields = z.object({ token: z.string().max(300), again: z.literal('yes').optional() })

/** “Do not ask me again”, and its opposite. */
export const POST = formRoute('link', fields, async ({ token, again }) => {
  const isKnown = await setDoNotAsk(token, again === 'yes')
  return seeOther(isKnown ? `/i/${encodeURIComponent(token)}` : '/i')
})
