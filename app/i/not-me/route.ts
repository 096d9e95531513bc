import { z } from 'zod'
import { noteNotMe } from '@/lib/campaigns/answers'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'

const fields = z.object({ token: z.string().max(300) })

/** “This is not me”: tells staff, and changes nothing else. */
export const POST = formRoute('link', fields, async ({ token }, { requestId }) => {
  await noteNotMe(token, requestId)
  return seeOther('/i/noted?what=not-me')
})
