import { z } from 'zod'
import { keepAsItIs } from '@/lib/campaigns/answers'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'

const fields = z.object({ token: z.string().max(300) })

/** “Keep it as it is”, in a yearly check-up: changes nothing but the check-up. */
export const POST = formRoute('link', fields, async ({ token }, { requestId }) => {
  const isCheckUp = await keepAsItIs(token, requestId)
  return seeOther(isCheckUp ? '/i/noted?what=kept' : '/i')
})
