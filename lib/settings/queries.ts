import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { findUnusable } from '@/lib/config/env'
import { followSettings, type Settings, settings } from '@/lib/config/settings'
import { db, Prisma, type Queryable, queryRows } from '@/lib/db'
import { keep } from '@/lib/institution'
import { log } from '@/lib/log'

const found = z.object({ id: z.bigint(), key: z.string(), value: z.string().nullable() })

/** The newest value of each setting. */
export async function readSettings(tx: Queryable = db()): Promise<Settings> {
  const rows = await queryRows(
    tx,
    found,
    Prisma.sql`select distinct on (key) id, key, value from setting order by key, id desc`,
  )
  const values = rows.flatMap(({ key, value }): [string, string][] => (value === null ? [] : [[key, value]]))
  return { version: Math.max(0, ...rows.map(({ id }) => Number(id))), values: Object.fromEntries(values) }
}

/** Follows what administrators have set meanwhile. Asks for one number where nothing has changed. */
export async function refreshSettings(): Promise<void> {
  const [newest] = await queryRows(
    db(),
    z.object({ version: z.bigint() }),
    Prisma.sql`select coalesce(max(id), 0)::bigint as version from setting`,
  )
  if (Number(newest?.version ?? 0) === settings().version) return
  const current = await readSettings()
  followSettings(current)
  const unusable = findUnusable(current.values)
  if (unusable.length > 0) log().warn({ settings: unusable }, 'settings that cannot be used are left out')
}

/** In how many seconds every process follows a change at the latest. */
export const followS = 5

declare module '@/lib/institution' {
  interface Institution {
    followingSettings?: NodeJS.Timeout
  }
}

/** Keeps this process up to date. While the database is away, it goes on with what it knows. */
export function keepFollowing(): void {
  const ask = () => void refreshSettings().catch(() => undefined)
  keep('followingSettings', () => setInterval(ask, followS * 1_000).unref())
}

export type SettingChange = {
  id: number
  key: string
  before: string | null
  after: string | null
  changedAt: Date
  /** Null for somebody who was erased. */
  by: string | null
}

const change = z.object({
  id: z.bigint(),
  key: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  changedAt: z.date(),
  by: z.string().nullable(),
})

/** The newest changes of these settings, newest first; `since`: after this version alone. A logo is its kind of file. */
export async function listSettingChanges(
  _actor: StaffActor,
  { keys, since = 0, most }: { keys: readonly string[]; since?: number; most: number },
  tx: Queryable = db(),
): Promise<SettingChange[]> {
  if (keys.length === 0) return []
  const rows = await queryRows(
    tx,
    change,
    Prisma.sql`
      select s.id, s.key, ${shown(Prisma.sql`before.value`)} as before, ${shown(Prisma.sql`s.value`)} as after,
        s.changed_at as "changedAt", coalesce(m.name, m.orcid) as by
      from setting s join staff_member m on m.id = s.changed_by_id
        left join lateral (
          select value from setting b where b.key = s.key and b.id < s.id order by b.id desc limit 1) before on true
      where s.key in (${Prisma.join(keys)}) and s.id > ${since}
      order by s.id desc limit ${most}`,
  )
  return rows.map((row) => ({ ...row, id: Number(row.id) }))
}

const shown = (value: Prisma.Sql) =>
  Prisma.sql`case when ${value} like 'data:%' then substring(${value} from 'data:image/([a-z]+)') else ${value} end`
