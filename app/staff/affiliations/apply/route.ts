import { z } from 'zod'
import { applyDraft } from '@/lib/affiliations/commands'
import { listMissingSettings } from '@/lib/affiliations/organisation'
import { requireMemberStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'

/** Takes over what a preview has shown. */
export const POST = formRoute('write', z.object({ draft: z.uuid() }), async ({ draft }, { requestId }) => {
  const actor = await requireMemberStaff('writeAffiliations')
  if (listMissingSettings().length > 0) return seeOther('/staff/affiliations')
  const applied = await applyDraft(actor, draft, requestId)
  return seeOther(`/staff/affiliations?note=${applied ? 'taken' : 'gone'}`)
})
