import 'server-only'
import { z } from 'zod'
import { system } from '@/lib/actor'
import { Prisma, queryRows, type Tx } from '@/lib/db'
import { enqueueJob } from '@/lib/jobs/queue'
import { bind, findHolder, lockPeople, openConflict } from '@/lib/people/binding'
import { compareNames } from '@/lib/people/names'
import { isOnlyAnId } from '@/lib/people/person'

const candidate = z.object({ id: z.string() })
const candidatesMax = 20

/**
 * Finds the person of an iD that ORCID has just authenticated. One entry of the roster with this iD and a name that is
 * not very unlike is bound at once. Anything else is for staff to decide.
 */
export async function matchToRoster(
  tx: Tx,
  { id: researcherId, orcid }: { id: string; orcid: string },
  requestId?: string,
): Promise<void> {
  const holderId = await findHolder(tx, researcherId)
  const [holder] = holderId ? await lockPeople(tx, [holderId]) : []
  if (!holder || !isOnlyAnId(holder)) return
  const found = await queryRows(
    tx,
    candidate,
    Prisma.sql`
      select id::text from person p where known_orcid = ${orcid} and merged_into_id is null
        and not exists (select from binding b where b.person_id = p.id and b.researcher_id = ${researcherId}::uuid and b.ended is not null)
      order by id limit ${candidatesMax}`,
  )
  const people = await lockPeople(
    tx,
    found.map(({ id }) => id),
  )
  const [only, ...others] = people
  if (!only) {
    await enqueueJob(tx, 'propose-person', { payload: { researcherId }, key: `propose-person:${researcherId}` })
    return
  }
  const between = { personId: only.id, otherPersonId: holder.id }
  if (others.length > 0) {
    for (const { id } of people) await openConflict(tx, { ...between, kind: 'one_id_two_people', personId: id })
  } else if (only.researcherId) {
    await openConflict(tx, { ...between, kind: 'one_person_two_ids' })
  } else if (compareNames(only.rosterName, holder.orcidName) === 'unlike') {
    await openConflict(tx, { ...between, kind: 'names_differ' })
  } else {
    await bind(tx, system, { personId: only.id, researcherId, proof: 'roster', requestId })
  }
}
