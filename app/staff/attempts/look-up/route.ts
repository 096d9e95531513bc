import { requireStaff } from '@/lib/auth/gates'
import { readRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { readReference } from '@/lib/secrets'

const charsMax = 60

/** Leads from the field for a reference to the page of that reference, also of one that there is none of. */
export const GET = readRoute(async (query) => {
  await requireStaff('viewer')
  const given = query.get('reference') ?? ''
  // What cannot be part of an address, `..` and half characters among it, is not part of a reference either.
  const page =
    readReference(given) ??
    given
      .slice(0, charsMax)
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .trim()
  return seeOther(page ? `/staff/attempts/${encodeURIComponent(page)}` : '/staff/attempts')
})
