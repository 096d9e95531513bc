import { makeTemplate } from '@/lib/affiliations/file'
import { requireMemberStaff } from '@/lib/auth/gates'
import { readRoute } from '@/lib/http/route'

/** A file to fill in. */
export const GET = readRoute('none', async () => {
  await requireMemberStaff('writeAffiliations')
  return new Response(makeTemplate(), {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8; header=present',
      'Content-Disposition': 'attachment; filename="affiliations.csv"',
      'Cache-Control': 'no-store',
    },
  })
})
