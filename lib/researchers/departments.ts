import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { institution } from '@/lib/institution'
import { readTallies } from '@/lib/tally'

const keptMs = 60_000
const offeredMax = 500
const departmental = z.object({ department: z.string().nullable() })

declare module '@/lib/institution' {
  interface Institution {
    departments?: { at: number; names: string[] }
  }
}

/** The departments in which somebody is, by name, to be offered in menus: at most 500, and a minute old at most. */
export async function listDepartments(_actor: StaffActor): Promise<string[]> {
  const kept = institution().departments
  if (kept && Date.now() - kept.at < keptMs) return kept.names
  const known = (await readTallies(['department'])).flatMap(({ key }) => departmental.parse(key).department ?? [])
  const names = [...new Set(known)].sort((one, other) => one.localeCompare(other)).slice(0, offeredMax)
  institution().departments = { at: Date.now(), names }
  return names
}
