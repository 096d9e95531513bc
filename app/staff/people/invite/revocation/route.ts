import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { revokeLinks } from '@/lib/campaigns/one-person'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { findPerson } from '@/lib/people/queries'

const fields = z.object({ person: z.uuid(), link: z.uuid().optional() })

/** Revokes one personal link, or without `link` all of a person’s. */
export const POST = formRoute('write', fields, async ({ person: id, link }, { requestId }) => {
  const actor = await requireStaff('invitePeople')
  const page = `/staff/people/${id}/invite`
  if (!(await findPerson(actor, id))) return seeOther(page)
  await revokeLinks(actor, { personId: id, linkId: link ?? null, requestId })
  return seeOther(`${page}?result=revoked#links`)
})
