import 'server-only'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import type { AffiliationItem } from '@/lib/affiliations/affiliation'
import { type Organisation, toBody, toOrganization } from '@/lib/affiliations/body'
import { findOrganisation } from '@/lib/affiliations/organisation'
import { env } from '@/lib/config/env'
import { db, type Tx } from '@/lib/db'

const previewSchema = z.object({ organization: z.unknown() })

/** Compares a confirmed preview with the current description: name, address and ROR id. */
function matchesOrganisation(preview: unknown, organisation: Organisation): boolean {
  const shown = previewSchema.safeParse(preview)
  return shown.success && isDeepStrictEqual(shown.data.organization, toOrganization(organisation))
}

/** Writing needs a full description of the institution and, at production, an administrator's confirmation. */
export async function mayWrite(): Promise<boolean> {
  const organisation = findOrganisation()
  if (!organisation) return false
  if (env().orcid.registry !== 'production') return true
  const saved = await db().writingConfirmation.findUnique({ where: { id: 1 }, select: { preview: true } })
  return saved !== null && matchesOrganisation(saved.preview, organisation)
}

/** The last confirmation, if any. `isCurrent`: the description has not changed since. */
export async function findConfirmation(): Promise<{ confirmedAt: Date; isCurrent: boolean } | null> {
  const organisation = findOrganisation()
  const saved = await db().writingConfirmation.findUnique({
    where: { id: 1 },
    select: { confirmedAt: true, preview: true },
  })
  if (!saved) return null
  return {
    confirmedAt: saved.confirmedAt,
    isCurrent: organisation !== null && matchesOrganisation(saved.preview, organisation),
  }
}

/** Saves a confirmation, or replaces that of an older description. False if the current one is confirmed already. */
export async function saveConfirmation(
  tx: Tx,
  actor: StaffActor,
  item: AffiliationItem & { putCode: string | null },
  organisation: Organisation,
): Promise<boolean> {
  const shown = { confirmedById: actor.staffId, preview: toBody(item, organisation, item.putCode) }
  const saved = await tx.writingConfirmation.findUnique({
    where: { id: 1 },
    select: { confirmedAt: true, preview: true },
  })
  if (!saved) {
    const { count } = await tx.writingConfirmation.createMany({ data: { id: 1, ...shown }, skipDuplicates: true })
    return count > 0
  }
  if (matchesOrganisation(saved.preview, organisation)) return false
  const { count } = await tx.writingConfirmation.updateMany({
    where: { id: 1, confirmedAt: saved.confirmedAt },
    data: { ...shown, confirmedAt: new Date() },
  })
  return count > 0
}
