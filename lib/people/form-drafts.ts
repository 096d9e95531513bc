import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { db } from '@/lib/db'
import { type PersonFault, personFields, type TypedPerson } from '@/lib/people/form'

const draftMinutes = 60

const content = z.object({
  typed: z.partialRecord(z.enum(personFields), z.string()),
  faults: z.array(z.custom<PersonFault>()),
})

export type FormDraft = { typed: TypedPerson; faults: PersonFault[] }

/** Keeps what was typed with what is wrong about it. Returns the draft’s id. */
export async function saveFormDraft(
  actor: StaffActor,
  personId: string | null,
  { typed, faults }: FormDraft,
): Promise<string> {
  const expiresAt = new Date(Date.now() + draftMinutes * 60_000)
  const { id } = await db().formDraft.create({
    data: { madeById: actor.staffId, personId, content: { typed, faults }, expiresAt },
    select: { id: true },
  })
  return id
}

/** The actor’s own draft for this person (null: a new one), or null. */
export async function findFormDraft(
  actor: StaffActor,
  personId: string | null,
  id: string | null,
): Promise<FormDraft | null> {
  if (!z.uuid().safeParse(id).success || !id) return null
  const draft = await db().formDraft.findFirst({
    where: { id, personId, madeById: actor.staffId, expiresAt: { gt: new Date() } },
    select: { content: true },
  })
  return content.safeParse(draft?.content).data ?? null
}
