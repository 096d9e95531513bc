import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { db, type Prisma } from '@/lib/db'

const keptMinutes = 60

/**
 * Keeps what somebody typed in a form and has not saved, for an hour. Returns the draft’s id. `personId`: whom it is
 * about; it is erased with them.
 */
export async function saveDraft(
  actor: StaffActor,
  content: Prisma.InputJsonObject,
  personId: string | null = null,
): Promise<string> {
  const expiresAt = new Date(Date.now() + keptMinutes * 60_000)
  const { id } = await db().formDraft.create({
    data: { madeById: actor.staffId, personId, content, expiresAt },
    select: { id: true },
  })
  return id
}

/** The actor’s own draft if it has this content, or null. */
export async function findDraft<Content extends z.ZodType>(
  actor: StaffActor,
  id: string | null,
  content: Content,
): Promise<z.infer<Content> | null> {
  if (!z.uuid().safeParse(id).success || !id) return null
  const found = await db().formDraft.findFirst({
    where: { id, madeById: actor.staffId, expiresAt: { gt: new Date() } },
    select: { content: true },
  })
  return content.safeParse(found?.content).data ?? null
}
