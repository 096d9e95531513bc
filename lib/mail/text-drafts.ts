import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { db } from '@/lib/db'
import type { TextFault } from '@/lib/mail/mail-text'

const draftMinutes = 60

const content = z.object({
  template: z.string(),
  locale: z.string(),
  /** Of the text that it changes. */
  version: z.string(),
  subject: z.string(),
  body: z.string(),
  faults: z.array(z.custom<TextFault>()),
  isOutdated: z.boolean(),
})

/** What somebody typed and has not saved: it has faults, somebody else was faster, or they want to look at it first. */
export type TextDraft = z.infer<typeof content>

/** Keeps a text for an hour. Returns the draft’s id. */
export async function saveTextDraft(actor: StaffActor, draft: TextDraft): Promise<string> {
  const expiresAt = new Date(Date.now() + draftMinutes * 60_000)
  const { id } = await db().formDraft.create({
    data: { madeById: actor.staffId, content: draft, expiresAt },
    select: { id: true },
  })
  return id
}

/** The actor’s own draft of this text, or null. */
export async function findTextDraft(
  actor: StaffActor,
  { template, locale }: { template: string; locale: string },
  id: string | null,
): Promise<TextDraft | null> {
  if (!id || !z.uuid().safeParse(id).success) return null
  const found = await db().formDraft.findFirst({
    where: { id, madeById: actor.staffId, expiresAt: { gt: new Date() } },
    select: { content: true },
  })
  const { data } = content.safeParse(found?.content)
  return data?.template === template && data.locale === locale ? data : null
}
