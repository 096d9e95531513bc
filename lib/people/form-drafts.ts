import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { type PersonFault, personFields, type TypedPerson } from '@/lib/people/form'
import { findDraft, saveDraft } from '@/lib/staff/drafts'

const content = z.object({
  /** Null: a new one. */
  personId: z.string().nullable(),
  typed: z.partialRecord(z.enum(personFields), z.string()),
  faults: z.array(z.custom<PersonFault>()),
})

export type FormDraft = { typed: TypedPerson; faults: PersonFault[] }

/** Keeps what was typed with what is wrong about it. Returns the draft’s id. */
export const saveFormDraft = (actor: StaffActor, personId: string | null, draft: FormDraft): Promise<string> =>
  saveDraft(actor, { personId, ...draft }, personId)

/** The actor’s own draft for this person (null: a new one), or null. */
export async function findFormDraft(
  actor: StaffActor,
  personId: string | null,
  id: string | null,
): Promise<FormDraft | null> {
  const draft = await findDraft(actor, id, content)
  return draft?.personId === personId ? draft : null
}
