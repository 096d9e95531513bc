import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { tryJobAgain } from '@/lib/process/trying-again'

const fields = z.object({ job: z.string().regex(/^[1-9]\d{0,17}$/) })

/** Has a failed job done now. */
export const POST = formRoute('write', fields, async ({ job }, { requestId }) => {
  const actor = await requireStaff('seeJobs')
  const isTried = await tryJobAgain(actor, job, requestId)
  return seeOther(`/staff/jobs?note=${isTried ? 'again' : 'gone'}`)
})
