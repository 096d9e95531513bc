import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { parseOrcid } from '@/lib/orcid/id'
import { removeNote } from '@/lib/researchers/note-commands'

const fields = z.object({ orcid: z.string().refine((orcid) => parseOrcid(orcid) === orcid), note: z.uuid() })

/** Removes a note. One that is gone already, or that is somebody else's, is left as it is. */
export const POST = formRoute('note', fields, async ({ orcid, note }, { requestId }) => {
  const actor = await requireStaff('writeNotes')
  const isRemoved = await removeNote(actor, note, requestId)
  return seeOther(`/staff/researchers/${orcid}?result=${isRemoved ? 'note-removed' : 'note-kept'}#notes`)
})
