import 'server-only'
import type { StaffActor } from '@/lib/actor'
import { countDepartments } from '@/lib/researchers/status-counts'

const offeredMax = 500

/** By name, at most 500, for menus. */
export async function listDepartments(actor: StaffActor): Promise<string[]> {
  const { value: departments } = await countDepartments(actor)
  const names = departments.flatMap(({ department }) => department ?? [])
  return names.sort((one, other) => one.localeCompare(other)).slice(0, offeredMax)
}
