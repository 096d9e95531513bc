import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import type { CampaignFault, TypedCampaign } from '@/lib/campaigns/schema'
import { db } from '@/lib/db'

const draftMinutes = 60

const content = z.object({
  /** Null: a new one. */
  campaignId: z.string().nullable(),
  typed: z.record(z.string(), z.string()),
  faults: z.array(z.custom<CampaignFault>()),
})

export type CampaignDraft = { typed: TypedCampaign; faults: CampaignFault[] }

/** Keeps what was typed with what is wrong about it. Returns the draft’s id. */
export async function saveCampaignDraft(
  actor: StaffActor,
  campaignId: string | null,
  draft: CampaignDraft,
): Promise<string> {
  const expiresAt = new Date(Date.now() + draftMinutes * 60_000)
  const { id } = await db().formDraft.create({
    data: { madeById: actor.staffId, content: { campaignId, ...draft }, expiresAt },
    select: { id: true },
  })
  return id
}

/** The actor’s own draft for this campaign (null: a new one), or null. */
export async function findCampaignDraft(
  actor: StaffActor,
  campaignId: string | null,
  id: string | null,
): Promise<CampaignDraft | null> {
  if (!id || !z.uuid().safeParse(id).success) return null
  const row = await db().formDraft.findFirst({
    where: { id, madeById: actor.staffId, expiresAt: { gt: new Date() } },
    select: { content: true },
  })
  const found = content.safeParse(row?.content)
  return found.success && found.data.campaignId === campaignId ? found.data : null
}
