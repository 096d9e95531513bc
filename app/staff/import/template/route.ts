import { requireStaff } from '@/lib/auth/gates'
import { readRoute } from '@/lib/http/route'
import { peopleFields } from '@/lib/imports/columns'

/** A roster to fill in. */
export const GET = readRoute('none', async () => {
  await requireStaff('importPeople')
  return new Response(`\uFEFF${peopleFields.filter((field) => field !== 'name').join(',')}\r\n`, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8; header=present',
      'Content-Disposition': 'attachment; filename="roster.csv"',
      'Cache-Control': 'no-store',
    },
  })
})
