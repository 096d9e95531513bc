import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { db } from '@/lib/db'
import { type SystemFault, systemFaultCodes, type TypedSystem } from '@/lib/systems/schema'

const draftMinutes = 60

const content = z.object({
  /** Null: a new one. */
  systemId: z.string().nullable(),
  typed: z.record(z.string(), z.string()),
  faults: z.array(z.object({ field: z.string(), code: z.enum(systemFaultCodes) })),
})

export type SystemDraft = { typed: TypedSystem; faults: SystemFault[] }

/** Keeps what was typed with what is wrong about it. Returns the draft’s id. */
export async function saveSystemDraft(actor: StaffActor, systemId: string | null, draft: SystemDraft): Promise<string> {
  const expiresAt = new Date(Date.now() + draftMinutes * 60_000)
  const { id } = await db().formDraft.create({
    data: { madeById: actor.staffId, content: { systemId, ...draft }, expiresAt },
    select: { id: true },
  })
  return id
}

/** The actor’s own draft for this system (null: a new one), or null. */
export async function findSystemDraft(
  actor: StaffActor,
  systemId: string | null,
  id: string | null,
): Promise<SystemDraft | null> {
  if (!id || !z.uuid().safeParse(id).success) return null
  const row = await db().formDraft.findFirst({
    where: { id, madeById: actor.staffId, expiresAt: { gt: new Date() } },
    select: { content: true },
  })
  const found = content.safeParse(row?.content)
  return found.success && found.data.systemId === systemId ? found.data : null
}
