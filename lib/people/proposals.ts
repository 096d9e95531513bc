import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { db, Prisma, queryRows } from '@/lib/db'
import { PeopleError } from '@/lib/people/person'
import { confirmProposal } from '@/lib/people/resolving'
import { type Selection, toSelectionCondition } from '@/lib/people/selection'

/** About selected people, or from a file. */
export type ProposalsOf = { selection: Selection; scopes: readonly string[] } | { importId: string }

/** Confirmed at one press, so that the answer does not take minutes. */
export const confirmedPerRunMax = 200

const toCondition = (actor: StaffActor, of: ProposalsOf): Prisma.Sql =>
  'importId' in of
    ? Prisma.sql`evidence @> '{file}' and person_id in (select r.person_id from import_row r where r.import_id = ${of.importId}::uuid)`
    : Prisma.sql`person_id in (select person.id from person where ${toSelectionCondition(actor, of)})`

async function listProposals(actor: StaffActor, of: ProposalsOf, most: number): Promise<string[]> {
  const rows = await queryRows(
    db(),
    z.object({ id: z.string() }),
    Prisma.sql`select id::text from conflict
      where kind = 'proposal' and resolved_at is null and ${toCondition(actor, of)} order by opened_at, id limit ${most}`,
  )
  return rows.map(({ id }) => id)
}

/** The number of open proposals, counted up to one more than are confirmed at once. */
export async function countProposals(actor: StaffActor, of: ProposalsOf): Promise<number> {
  return (await listProposals(actor, of, confirmedPerRunMax + 1)).length
}

/** Confirms open proposals, each by itself: one that is refused stops no other. */
export async function confirmProposals(
  actor: StaffActor,
  of: ProposalsOf,
  { reason, requestId }: { reason: string; requestId: string },
): Promise<{ confirmed: number; refused: number }> {
  let [confirmed, refused] = [0, 0]
  for (const id of await listProposals(actor, of, confirmedPerRunMax)) {
    try {
      await confirmProposal(actor, { id, reason, requestId })
      confirmed += 1
    } catch (error) {
      if (!(error instanceof PeopleError)) throw error
      refused += 1
    }
  }
  return { confirmed, refused }
}
