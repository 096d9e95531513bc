import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import type { TextFault } from '@/lib/mail/mail-text'
import { findDraft, saveDraft } from '@/lib/staff/drafts'

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
export const saveTextDraft = (actor: StaffActor, draft: TextDraft): Promise<string> => saveDraft(actor, draft)

/** The actor’s own draft of this text, or null. */
export async function findTextDraft(
  actor: StaffActor,
  { template, locale }: { template: string; locale: string },
  id: string | null,
): Promise<TextDraft | null> {
  const draft = await findDraft(actor, id, content)
  return draft?.template === template && draft.locale === locale ? draft : null
}
