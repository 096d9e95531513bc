import type { StaffActor, StaffRights } from '@/lib/actor'
import { listEmptyDepartments } from '@/lib/researchers/departments'

export const rightsFaults = ['none', 'unknown'] as const
export type RightsFault = (typeof rightsFaults)[number]

/** Why rights are not given: no department was named, or one with nobody in it, which is most likely a typing mistake. */
export async function findFault(actor: StaffActor, rights: StaffRights | null): Promise<RightsFault | null> {
  if (!rights) return 'none'
  return (await listEmptyDepartments(actor, rights.departments ?? [])).length > 0 ? 'unknown' : null
}
