import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { addPerson, changePerson } from '@/lib/people/commands'
import { type PersonFault, type PersonField, parsePerson, personFields } from '@/lib/people/form'
import { saveFormDraft } from '@/lib/people/form-drafts'
import { PeopleError } from '@/lib/people/person'
import { findPerson } from '@/lib/people/queries'

// Longer than any field may be: what is too long is said in words, at the field. PostgreSQL keeps neither NUL nor halves
// of characters; they are shown as what could not be read.
const text = z
  .string()
  .default('')
  .transform((given) => given.slice(0, 1_100).replace(/[\0\p{Cs}]/gu, '\ufffd'))

const fields = z.object({
  person: z.uuid().optional(),
  ...(Object.fromEntries(personFields.map((name) => [name, text])) as Record<PersonField, typeof text>),
})

/** Adds or changes somebody on the roster, or shows the form again with what is wrong at its field. */
export const POST = formRoute(
  'write',
  fields,
  async ({ person: id, ...typed }, { requestId }) => {
    const actor = await requireStaff('editPeople')
    if (id && !(await findPerson(actor, id))) return seeOther('/staff/people')
    const parsed = parsePerson(typed)
    let faults: PersonFault[]
    if ('faults' in parsed) faults = parsed.faults
    else {
      try {
        if (id) await changePerson(actor, id, parsed.person, requestId)
        const saved = id ?? (await addPerson(actor, parsed.person, requestId))
        const isHidden = parsed.person.confidential && actor.role !== 'admin'
        return seeOther(
          isHidden ? '/staff/people?note=hidden' : `/staff/people/${saved}?note=${id ? 'saved' : 'added'}`,
        )
      } catch (error) {
        if (!(error instanceof PeopleError)) throw error
        faults = [faultOf(error)]
      }
    }
    const draft = await saveFormDraft(actor, id ?? null, { typed, faults })
    return seeOther(`${pageOf({ person: id })}?draft=${draft}#wrong`)
  },
  { pageOf },
)

function faultOf({ fault }: { fault: string }): PersonFault {
  if (fault === 'local_id_taken' || fault === 'objected') return { field: 'local_id', code: fault }
  return { field: 'family_name', code: 'erased' }
}

function pageOf({ person }: { person?: string | undefined }): string {
  return person ? `/staff/people/${person}/edit` : '/staff/people/new'
}
