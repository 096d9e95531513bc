import 'server-only'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import type { AffiliationItem } from '@/lib/affiliations/affiliation'
import { type Organisation, toBody, toOrganization } from '@/lib/affiliations/body'
import { findOrganisation } from '@/lib/affiliations/organisation'
import { env } from '@/lib/config/env'
import { db, type Tx } from '@/lib/db'

const shownBefore = z.object({ organization: z.unknown() })

/** Whether what was confirmed is the institution as it is described now: its name, place and ROR id. */
function isOf(preview: unknown, organisation: Organisation): boolean {
  const shown = shownBefore.safeParse(preview)
  return shown.success && isDeepStrictEqual(shown.data.organization, toOrganization(organisation))
}

/** Whether the configuration says enough, and where it is production, whether somebody has confirmed what is sent. */
export async function mayWrite(): Promise<boolean> {
  const organisation = findOrganisation()
  if (!organisation) return false
  if (env().orcid.registry !== 'production') return true
  const kept = await db().writingConfirmation.findUnique({ where: { id: 1 }, select: { preview: true } })
  return kept !== null && isOf(kept.preview, organisation)
}

/** When an administrator last confirmed what ORCID receives, and whether that is how it would be now; or null. */
export async function findConfirmation(): Promise<{ confirmedAt: Date; isCurrent: boolean } | null> {
  const organisation = findOrganisation()
  const kept = await db().writingConfirmation.findUnique({
    where: { id: 1 },
    select: { confirmedAt: true, preview: true },
  })
  if (!kept) return null
  return { confirmedAt: kept.confirmedAt, isCurrent: organisation !== null && isOf(kept.preview, organisation) }
}

/** Keeps what was shown, in the place of what was shown of another description. False when it is confirmed already. */
export async function keepConfirmation(
  tx: Tx,
  actor: StaffActor,
  item: AffiliationItem & { putCode: string | null },
  organisation: Organisation,
): Promise<boolean> {
  const shown = { confirmedById: actor.staffId, preview: toBody(item, organisation, item.putCode) }
  const kept = await tx.writingConfirmation.findUnique({
    where: { id: 1 },
    select: { confirmedAt: true, preview: true },
  })
  if (!kept) {
    const { count } = await tx.writingConfirmation.createMany({ data: { id: 1, ...shown }, skipDuplicates: true })
    return count > 0
  }
  if (isOf(kept.preview, organisation)) return false
  const { count } = await tx.writingConfirmation.updateMany({
    where: { id: 1, confirmedAt: kept.confirmedAt },
    data: { ...shown, confirmedAt: new Date() },
  })
  return count > 0
}
