import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import type { AuditRow } from '@/lib/audit/history'
import { db } from '@/lib/db'

/** What an event is about that is no person: its kind, its id and its present name. */
export type Thing = { kind: 'campaign' | 'system' | 'import'; id: string; name: string }

const id = z.guid().optional().catch(undefined)
const ids = z.object({ campaignId: id, systemId: id, importId: id })

function thingIn({ detail }: AuditRow): Omit<Thing, 'name'> | null {
  const { campaignId, systemId, importId } = ids.safeParse(detail).data ?? {}
  if (campaignId) return { kind: 'campaign', id: campaignId }
  if (systemId) return { kind: 'system', id: systemId }
  return importId ? { kind: 'import', id: importId } : null
}

/** Names the campaigns, systems and imports of events; null for an event that is about none that is still here. */
export async function findThings(
  _actor: StaffActor,
  rows: readonly AuditRow[],
): Promise<(row: AuditRow) => Thing | null> {
  const things = rows.flatMap((row) => thingIn(row) ?? [])
  const wanted = (kind: Thing['kind']) => ({
    id: { in: things.filter((thing) => thing.kind === kind).map(({ id }) => id) },
  })
  const [campaigns, systems, imports] = await Promise.all([
    db().campaign.findMany({ where: wanted('campaign'), select: { id: true, name: true } }),
    db().system.findMany({ where: wanted('system'), select: { id: true, name: true } }),
    db().import.findMany({ where: wanted('import'), select: { id: true, fileName: true } }),
  ])
  const named = [...campaigns, ...systems, ...imports.map(({ id, fileName }) => ({ id, name: fileName }))]
  const names = new Map(named.map(({ id, name }) => [id, name]))
  return (row) => {
    const thing = thingIn(row)
    const name = thing && names.get(thing.id)
    return thing && name ? { ...thing, name } : null
  }
}
