import { importBytesMax } from '@/lib/affiliations/affiliation'
import { saveFileDraft } from '@/lib/affiliations/drafts'
import { requireMemberStaff } from '@/lib/auth/gates'
import { uploadRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'

const form = { bytesMax: importBytesMax, tooLarge: '/staff/affiliations/import?note=too-large' }

/** Reads a file of items and shows what it would do. */
export const POST = uploadRoute(form, async ({ bytes }) => {
  const actor = await requireMemberStaff('writeAffiliations')
  return seeOther(`/staff/affiliations/preview?draft=${await saveFileDraft(actor, bytes)}`)
})
