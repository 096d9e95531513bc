import { z } from 'zod'
import { testType } from '@/lib/webhooks/event'

/** A delivery that this process sends. */
export const claimedRow = z.object({
  id: z.bigint(),
  eventId: z.string(),
  webhookId: z.string(),
  type: z.string(),
  personId: z.string().nullable(),
  itemId: z.string().nullable(),
  intoId: z.string().nullable(),
  position: z.bigint().nullable(),
  happenedAt: z.date(),
  tries: z.number(),
  firstTriedAt: z.date(),
})
export type Claimed = z.infer<typeof claimedRow>

/** Thin: the receiver reads the rest with its key. */
export function toBody({ type, happenedAt, personId, itemId, intoId, position }: Omit<Claimed, 'id'>): string {
  const data =
    type === testType
      ? {}
      : {
          person: personId,
          ...(itemId && { item: itemId }),
          ...(intoId && { replaced_by: intoId }),
          position: Number(position),
        }
  return JSON.stringify({ type, timestamp: happenedAt.toISOString(), data })
}
