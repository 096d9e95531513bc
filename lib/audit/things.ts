import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import type { AuditRow } from '@/lib/audit/history'
import { db } from '@/lib/db'

/** What an event is about that is no person: its kind, its id and its present name. */
export type Thing = { kind: 'campaign' | 'system' | 'import'; id: string; name: string }

const ids = z.object({
  campaignId: z.guid().optional().catch(undefined),
  systemId: z.guid().optional().catch(undefined),
  importId: z.guid().optional().catch(undefined),
})
const kinds = { campaignId: 'campaign', systemId: 'system', importId: 'import' } as const

function thingIn({ detail }: AuditRow): Omit<Thing, 'name'> | null {
  const found = ids.safeParse(detail).data ?? {}
  for (const field of ['campaignId', 'systemId', 'importId'] as const) {
    const id = found[field]
    if (id) return { kind: kinds[field], id }
  }
  return null
}

/** Names the campaigns, systems and imports of events; null for an event that is about none that is still here. */
export async function findThings(
  _actor: StaffActor,
  rows: readonly AuditRow[],
): Promise<(row: AuditRow) => Thing | null> {
  const wanted = (kind: Thing['kind']) => ({
    id: { in: rows.flatMap((row) => (thingIn(row)?.kind === kind ? (thingIn(row)?.id ?? []) : [])) },
  })
  const [campaigns, systems, imports] = await Promise.all([
    db().campaign.findMany({ where: wanted('campaign'), select: { id: true, name: true } }),
    db().system.findMany({ where: wanted('system'), select: { id: true, name: true } }),
    db().import.findMany({ where: wanted('import'), select: { id: true, fileName: true } }),
  ])
  const names = new Map([
    ...[...campaigns, ...systems].map(({ id, name }) => [id, name] as const),
    ...imports.map(({ id, fileName }) => [id, fileName] as const),
  ])
  return (row) => {
    const thing = thingIn(row)
    const name = thing && names.get(thing.id)
    return thing && name ? { ...thing, name } : null
  }
}
