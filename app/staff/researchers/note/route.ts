import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { parseOrcid } from '@/lib/orcid/id'
import { parseNoteText } from '@/lib/researchers/note'
import { addNote } from '@/lib/researchers/note-commands'
import { findResearcher } from '@/lib/researchers/queries'

const fields = z.object({ orcid: z.string().refine((orcid) => parseOrcid(orcid) === orcid), text: z.string() })

/** Adds a note about somebody, or says why not. */
export const POST = formRoute(
  'note',
  fields,
  async ({ orcid, text }, { requestId }) => {
    const actor = await requireStaff('writeNotes')
    const researcher = await findResearcher(actor, orcid)
    const plain = parseNoteText(text)
    const isAdded = researcher && plain && (await addNote(actor, researcher.id, plain, requestId))
    if (!researcher || (plain && !isAdded)) return seeOther('/staff/researchers')
    return seeOther(`/staff/researchers/${orcid}?result=${isAdded ? 'note-added' : 'note-refused'}#notes`)
  },
  { pageOf: ({ orcid }) => `/staff/researchers/${orcid}#notes` },
)
