import 'server-only'
import type { StaffActor } from '@/lib/actor'
import { db } from '@/lib/db'

/** When a permission of the researcher was last used, and by which system; null is the portal itself. */
export async function findLastUse(
  _actor: StaffActor,
  researcherId: string,
): Promise<{ at: Date; system: string | null } | null> {
  const [call, use] = await Promise.all([
    db().orcidCall.findFirst({
      where: { researcherId, purpose: { in: ['read', 'affiliation'] }, outcome: 'ok' },
      orderBy: { id: 'desc' },
      select: { at: true },
    }),
    db().systemUse.findFirst({
      where: { researcherId },
      orderBy: { lastAt: 'desc' },
      select: { lastAt: true, system: { select: { name: true } } },
    }),
  ])
  if (use && (!call || use.lastAt > call.at)) return { at: use.lastAt, system: use.system.name }
  return call && { at: call.at, system: null }
}
