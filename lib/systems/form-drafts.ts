import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { findDraft, saveDraft } from '@/lib/staff/drafts'
import { type SystemFault, systemFaultCodes, type TypedSystem } from '@/lib/systems/schema'

const content = z.object({
  /** Null: a new one. */
  systemId: z.string().nullable(),
  typed: z.record(z.string(), z.string()),
  faults: z.array(
    z.object({ field: z.string(), code: z.enum(systemFaultCodes), about: z.array(z.string()).optional() }),
  ),
})

export type SystemDraft = { typed: TypedSystem; faults: SystemFault[] }

/** Keeps what was typed with what is wrong about it. Returns the draft’s id. */
export const saveSystemDraft = (actor: StaffActor, systemId: string | null, draft: SystemDraft): Promise<string> =>
  saveDraft(actor, { systemId, ...draft })

/** The actor’s own draft for this system (null: a new one), or null. */
export async function findSystemDraft(
  actor: StaffActor,
  systemId: string | null,
  id: string | null,
): Promise<SystemDraft | null> {
  const draft = await findDraft(actor, id, content)
  return draft?.systemId === systemId ? draft : null
}
