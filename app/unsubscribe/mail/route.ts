import { z } from 'zod'
import { formRoute, readRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { unsubscribe, unsubscribeLink } from '@/lib/mail/unsubscribing'

/** Where the link of a mail leads. A visit changes nothing: programs that look for harm open links too. */
export const GET = readRoute('none', async (params) => seeOther(`/unsubscribe?${params}`))

const oneClick = z.object({ 'List-Unsubscribe': z.literal('One-Click') })

/** The one click of a mail program (https://www.rfc-editor.org/rfc/rfc8058#section-3.2). The answer is always the same. */
export const POST = formRoute('write', oneClick, async (_form, { request, requestId }) => {
  const link = unsubscribeLink.safeParse(Object.fromEntries(request.nextUrl.searchParams))
  if (link.success) await unsubscribe(link.data, requestId)
  return new Response('Done.\n', {
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
  })
})
