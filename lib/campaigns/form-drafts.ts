import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import type { CampaignFault, TypedCampaign } from '@/lib/campaigns/schema'
import { findDraft, saveDraft } from '@/lib/staff/drafts'

const content = z.object({
  /** Null: a new one. */
  campaignId: z.string().nullable(),
  typed: z.record(z.string(), z.string()),
  faults: z.array(z.custom<CampaignFault>()),
})

export type CampaignDraft = { typed: TypedCampaign; faults: CampaignFault[] }

/** Keeps what was typed with what is wrong about it. Returns the draft’s id. */
export const saveCampaignDraft = (
  actor: StaffActor,
  campaignId: string | null,
  draft: CampaignDraft,
): Promise<string> => saveDraft(actor, { campaignId, ...draft })

/** The actor’s own draft for this campaign (null: a new one), or null. */
export async function findCampaignDraft(
  actor: StaffActor,
  campaignId: string | null,
  id: string | null,
): Promise<CampaignDraft | null> {
  const draft = await findDraft(actor, id, content)
  return draft?.campaignId === campaignId ? draft : null
}
