import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { sections } from '@/lib/settings/setting'
import { faultCodes } from '@/lib/settings/typed'
import { findDraft, saveDraft } from '@/lib/staff/drafts'

const content = z.object({
  section: z.enum(sections),
  locale: z.string(),
  /** Of the settings that the form showed. */
  version: z.number(),
  typed: z.record(z.string(), z.string()),
  faults: z.array(z.object({ key: z.string(), code: z.enum(faultCodes), values: z.record(z.string(), z.string()) })),
  /** Somebody else changed the same settings meanwhile. */
  isOutdated: z.boolean(),
})

/** What somebody typed and has not saved: it has faults, somebody else was faster, or they look at it first. */
export type SettingsDraft = z.infer<typeof content>

/** Keeps a form for an hour. Returns the draft's id. */
export const saveSettingsDraft = (actor: StaffActor, draft: SettingsDraft): Promise<string> => saveDraft(actor, draft)

/** The page of the actor’s own draft, or null. */
export async function findDraftPage(
  actor: StaffActor,
  id: string | null,
): Promise<Pick<SettingsDraft, 'section' | 'locale'> | null> {
  return findDraft(actor, id, content)
}

/** The actor's own draft of this page, or null. */
export async function findSettingsDraft(
  actor: StaffActor,
  { section, locale }: Pick<SettingsDraft, 'section' | 'locale'>,
  id: string | null,
): Promise<SettingsDraft | null> {
  const draft = await findDraft(actor, id, content)
  return draft?.section === section && draft.locale === locale ? draft : null
}
