import 'server-only'
import { z } from 'zod'
import { system } from '@/lib/actor'
import { Prisma, queryRows, type Tx } from '@/lib/db'
import { enqueueJob } from '@/lib/jobs/queue'
import { bind, isOnlyAnId, lockWithHolder } from '@/lib/people/binding'
import { openConflict } from '@/lib/people/conflict-rows'
import { compareNames } from '@/lib/people/names'

const foundOnRoster = z.object({ ids: z.array(z.string()), mayBeOnRoster: z.boolean() })
const candidatesMax = 20

/** Nobody has said of the person `p` that this iD is not theirs. */
export const notRefused = (researcherId: Prisma.Sql) => Prisma.sql`(
  not exists (select from binding b where b.person_id = p.id and b.researcher_id = ${researcherId} and b.ended is not null)
  and not exists (select from conflict c where c.person_id = p.id and c.researcher_id = ${researcherId}
    and c.resolution = 'kept'))`

/** Looks on the roster for the person of an iD that is nobody's so far, when the callback has answered. */
export function enqueueProposing(tx: Tx, researcherId: string): Promise<void> {
  const key = `propose-person:${researcherId}`
  return enqueueJob(tx, 'propose-person', { payload: { researcherId }, key, delayS: 2 })
}

/**
 * Finds the person of an iD that ORCID has just authenticated. One entry of the roster with this iD and a name that is
 * not very unlike is bound at once. Anything else is for staff to decide.
 */
export async function matchToRoster(
  tx: Tx,
  { id: researcherId, orcid }: { id: string; orcid: string },
  requestId?: string,
): Promise<void> {
  const [found] = await queryRows(
    tx,
    foundOnRoster,
    Prisma.sql`
      select array(
          select id::text from person p
          where known_orcid = ${orcid} and merged_into_id is null and ${notRefused(Prisma.sql`${researcherId}::uuid`)}
          order by id limit ${candidatesMax}) as ids,
        exists (select from person where researcher_id = ${researcherId}::uuid and local_id is null
          and origin = 'connected')
          and exists (select from person where researcher_id is null) as "mayBeOnRoster"`,
  )
  const { ids, mayBeOnRoster } = foundOnRoster.parse(found)
  if (ids.length === 0) {
    if (mayBeOnRoster) await enqueueProposing(tx, researcherId)
    return
  }
  const { people: locked, holder } = await lockWithHolder(tx, researcherId, ids)
  if (!holder || !isOnlyAnId(holder)) return
  // A file may have changed it before we had the lock.
  const people = locked.filter(({ knownOrcid, mergedIntoId }) => knownOrcid === orcid && mergedIntoId === null)
  const [only, ...others] = people
  if (!only) {
    await enqueueProposing(tx, researcherId)
    return
  }
  const between = { otherPersonId: holder.id, researcherId, requestId }
  if (others.length > 0) {
    for (const { id } of people) await openConflict(tx, { ...between, kind: 'one_id_two_people', personId: id })
  } else if (only.researcherId) {
    await openConflict(tx, { ...between, kind: 'one_person_two_ids', personId: only.id })
  } else if (compareNames(only.rosterName, holder.orcidName) === 'unlike') {
    await openConflict(tx, { ...between, kind: 'names_differ', personId: only.id })
  } else {
    await bind(tx, system, { personId: only.id, researcherId, proof: 'roster', requestId })
  }
}

type Invited = {
  personId: string
  researcherId: string
  /** Another iD came back by the same link before. */
  isSecondId: boolean
  requestId?: string
}

/**
 * Binds an iD to the person whose personal link led to it. If the iD or the person is somebody else's by then, or the
 * names are very unlike, staff decide. Returns whether anything is bound or asked.
 */
export async function matchInvited(tx: Tx, { personId, researcherId, isSecondId, requestId }: Invited) {
  const { people, holder } = await lockWithHolder(tx, researcherId, [personId])
  const person = people.find(({ id }) => id === personId)
  if (!person || !holder || person.mergedIntoId) return false
  if (holder.id === person.id) return true
  const between = { personId, otherPersonId: holder.id, researcherId, requestId }
  const kind = !isOnlyAnId(holder)
    ? 'one_id_two_people'
    : person.researcherId || isSecondId
      ? 'one_person_two_ids'
      : compareNames(person.rosterName, holder.orcidName) === 'unlike'
        ? 'names_differ'
        : null
  if (kind) await openConflict(tx, { ...between, kind })
  else if (await wasRefused(tx, personId, researcherId)) await openConflict(tx, { ...between, kind: 'proposal' })
  else await bind(tx, system, { personId, researcherId, proof: 'invitation', requestId })
  return true
}

/** Somebody has said before that this iD is not the person's. */
async function wasRefused(tx: Tx, personId: string, researcherId: string): Promise<boolean> {
  const free = await queryRows(
    tx,
    z.object({ id: z.string() }),
    Prisma.sql`
      select id::text from person p where id = ${personId}::uuid and ${notRefused(Prisma.sql`${researcherId}::uuid`)}`,
  )
  return free.length === 0
}
