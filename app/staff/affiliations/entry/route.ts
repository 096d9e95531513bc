import { z } from 'zod'
import { entryHref } from '@/app/staff/affiliations/_components/entry-href'
import { findPreview, saveEntryDraft } from '@/lib/affiliations/drafts'
import { findAffiliation } from '@/lib/affiliations/queries'
import { requireMemberStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'

// Longer than any field may be: what is too long is said in words, at the field. PostgreSQL keeps neither NUL nor halves
// of characters; they are shown as what could not be read.
const text = z
  .string()
  .default('')
  .transform((given) => given.slice(0, 4_100).replace(/[\0\p{Cs}]/gu, '\ufffd'))

const fields = z.object({
  orcid: text,
  person: z.uuid().optional(),
  type: text,
  title: text,
  department: text,
  start: text,
  end: text,
  url: text,
  external_id: text,
  affiliation: z.uuid().optional(),
})

/** Keeps what was entered and shows it: with what is wrong about it, or with what it would do. */
export const POST = formRoute(
  'write',
  fields,
  async ({ affiliation, person, ...rest }) => {
    const given = person ? { ...rest, person } : rest
    const actor = await requireMemberStaff('writeAffiliations')
    const edited = affiliation ? await findAffiliation(actor, affiliation) : null
    if (affiliation && (!edited || edited.kind === 'work')) return seeOther('/staff/affiliations?note=gone')
    const kept = edited ? { person: edited.person.id, type: edited.kind, external_id: edited.externalId } : {}
    const id = await saveEntryDraft(actor, { ...given, ...kept }, affiliation)
    const preview = await findPreview(actor, id)
    if (preview?.good.length) return seeOther(`/staff/affiliations/preview?draft=${id}`)
    return seeOther(`${entryHref({ affiliation, person, orcid: rest.orcid })}?draft=${id}#wrong`)
  },
  { pageOf: entryHref },
)
