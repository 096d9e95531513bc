import { requireStaff } from '@/lib/auth/gates'
import { readRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { takeAbout } from '@/lib/people/about'

const pattern = /^\/staff\/people\/([0-9a-f-]{36})\/privacy\/data$/

/** Everything that is held about somebody, as JSON, to be handed over to them. */
export const GET = readRoute('export', async (_query, { request, requestId }) => {
  const actor = await requireStaff('erasePeople')
  const id = pattern.exec(request.nextUrl.pathname)?.[1]
  const about = id ? await takeAbout(actor, id, requestId) : null
  if (!about) return seeOther('/staff/privacy?note=unknown')
  return new Response(JSON.stringify(about, null, 2), {
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Disposition': `attachment; filename="person-${id}.json"`,
      'Cache-Control': 'no-store',
    },
  })
})
