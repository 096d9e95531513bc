import { db } from '@/lib/db'
import { describePeople, type NewResearcher } from '@/tests/support/researchers'

/** Writes them, and what the institution knows of them. */
export async function saveResearchers(rows: readonly NewResearcher[]): Promise<void> {
  await db().researcher.createMany({ data: rows.map(({ department: _in, localId: _number, ...row }) => row) })
  const known = rows.map(({ orcid, department, localId }) => ({ orcid, department, local_id: localId }))
  await db().$executeRawUnsafe(describePeople, JSON.stringify(known))
}
