import { db } from '@/lib/db'
import { describePeople, type NewResearcher } from '@/tests/support/researchers'

/** So few that even a busy machine saves them within the time that a statement has. */
const batch = 500

/** Writes them, and what the institution knows of them. */
export async function saveResearchers(rows: readonly NewResearcher[]): Promise<void> {
  for (let from = 0; from < rows.length; from += batch) {
    const some = rows.slice(from, from + batch)
    await db().researcher.createMany({ data: some.map(({ department: _in, localId: _number, ...row }) => row) })
    const known = some.map(({ orcid, department, localId }) => ({ orcid, department, local_id: localId }))
    await db().$executeRawUnsafe(describePeople, JSON.stringify(known))
  }
}
