import 'server-only'
import type { StaffActor } from '@/lib/actor'
import { recordEvents } from '@/lib/audit/commands'
import { inTransaction, Prisma } from '@/lib/db'
import { listSettingChanges, readSettings, refreshSettings, type SettingChange } from '@/lib/settings/queries'

type Saved = { saved: number } | { changedMeanwhile: SettingChange[] }
type Change = {
  /** By key; null takes back what was set here. */
  values: Readonly<Record<string, string | null>>
  /** That of the settings which the form showed. */
  version: number
}

const changesShown = 20

/**
 * Saves all of them or, if somebody else has changed one of them since, none. This process follows at once, the others
 * within `followS` seconds.
 */
export async function saveSettings(actor: StaffActor, { values, version }: Change, requestId: string): Promise<Saved> {
  const result = await inTransaction(async (tx): Promise<Saved> => {
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended('settings', 0))`
    const keys = Object.keys(values)
    const changedMeanwhile = await listSettingChanges(actor, { keys, since: version, most: changesShown }, tx)
    if (changedMeanwhile.length > 0) return { changedMeanwhile }
    const current = (await readSettings(tx)).values
    const changed = Object.entries(values).filter(([key, value]) => value !== (current[key] ?? null))
    if (changed.length === 0) return { saved: 0 }
    const rows = changed.map(([key, value]) => Prisma.sql`(${key}, ${value}, ${actor.staffId}::uuid)`)
    await tx.$executeRaw`insert into setting (key, value, changed_by_id) values ${Prisma.join(rows)}`
    await recordEvents(
      tx,
      actor,
      changed.map(([key, value]) => ({
        action: 'settings.changed',
        requestId,
        detail: { setting: key, before: toDetail(current[key] ?? null), after: toDetail(value) },
      })),
    )
    return { saved: changed.length }
  })
  await refreshSettings()
  return result
}

/** Of a logo its kind alone: its bytes are kept with the setting. */
const toDetail = (value: string | null): string | null => value && (/^data:image\/([a-z]+)/.exec(value)?.[1] ?? value)
