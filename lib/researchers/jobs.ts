import 'server-only'
import { db, Prisma } from '@/lib/db'
import { conflictsSql } from '@/lib/researchers/conflicts'

/** Corrects rows that the triggers skipped because another transaction held their locks. */
async function catchUpOnConflicts(): Promise<void> {
  await db().$executeRaw`
    update researcher set conflict = not conflict where id in (
      select r.id from researcher r left join (${Prisma.raw(conflictsSql)}) e on e.id = r.id
      where r.conflict <> (e.id is not null) and (r.conflict or e.id is not null)
      for no key update of r skip locked)`
}

export const researcherJobs = {
  handlers: { 'catch-up-on-conflicts': catchUpOnConflicts },
  timetable: '17 * * * * catch-up-on-conflicts',
}
