import type { StaffActor } from '@/lib/actor'
import { requireStaff } from '@/lib/auth/gates'
import { findImport } from '@/lib/imports/queries'
import { manyItems } from '@/lib/staff/abilities'

/** For whoever saves, confirms or undoes an import: a complete file and many entries need a recent sign-in. */
export async function requireSaver(actor: StaffActor, id: string): Promise<void> {
  const found = await findImport(actor, id)
  if (found?.complete) await requireStaff('saveCompleteRosters')
  const { added = 0, changed = 0, perhaps = 0, removed = 0 } = (found?.counts ?? {}) as Record<string, number>
  if (found && found.kind !== 'people' && added + changed + perhaps + removed > manyItems)
    await requireStaff('writeMany')
}
