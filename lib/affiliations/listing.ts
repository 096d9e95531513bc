import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { type ListedAffiliation, withPerson } from '@/lib/affiliations/queries'
import type { AffiliationFilters } from '@/lib/affiliations/schema'
import { db, Prisma, queryRows, withListTimeout } from '@/lib/db'
import { isConfidentialPerson } from '@/lib/list/confidential'
import { countedMax } from '@/lib/list/count'
import { type Page, paginate, type TimeCursor, timeCursorOf } from '@/lib/list/pagination'
import { findOrcid } from '@/lib/orcid/id'
import { searchCondition, toWords, wordCondition } from '@/lib/researchers/search'

const pageSize = 50

/** One page of the matching items, newest first, at most 50. */
export function listAffiliations(
  _actor: StaffActor,
  filters: AffiliationFilters,
): Promise<Page<ListedAffiliation, TimeCursor>> {
  return paginate({
    size: pageSize,
    cursor: filters.cursor,
    cursorOf: timeCursorOf('addedAt'),
    read: async (cursor, limit) => {
      const order = cursor?.go === 'previous' ? 'asc' : 'desc'
      const direction = Prisma.raw(order)
      const page = Prisma.sql`select id::text as id from affiliation where ${toCondition({ ...filters, cursor })}
        order by added_at ${direction}, affiliation.id ${direction} limit ${limit}`
      const found = await withListTimeout((tx) => queryRows(tx, z.object({ id: z.string() }), page))
      return db().affiliation.findMany({
        where: { id: { in: found.map(({ id }) => id) } },
        orderBy: [{ addedAt: order }, { id: order }],
        select: withPerson,
      })
    },
  })
}

/** The number of matching items; `countedMax` + 1 if there are more. */
export async function countFoundAffiliations(_actor: StaffActor, filters: AffiliationFilters): Promise<number> {
  const count = Prisma.sql`select count(*)::int as count from (
    select from affiliation where ${toCondition({ ...filters, cursor: null })} limit ${countedMax + 1}) as found`
  const [row] = await withListTimeout((tx) => queryRows(tx, z.object({ count: z.number() }), count))
  return row?.count ?? 0
}

/** All matching items, as `id`, `person_id` and `researcher_id`. */
export const selectAffiliations = (filters: AffiliationFilters) =>
  Prisma.sql`select id, person_id, researcher_id from affiliation where ${toCondition({ ...filters, cursor: null })}`

function toCondition({ q, state, kind, cursor }: AffiliationFilters): Prisma.Sql {
  const parts = [Prisma.sql`not ${isConfidentialPerson(Prisma.sql`person_id`)}`]
  if (q) parts.push(...toSearch(q))
  if (state) parts.push(Prisma.sql`state = ${state}::affiliation_state`)
  if (kind) parts.push(Prisma.sql`kind = ${kind}::affiliation_kind`)
  const than = Prisma.raw(cursor?.go === 'previous' ? '>' : '<')
  if (cursor) parts.push(Prisma.sql`(added_at, id) ${than} (${cursor.at}::timestamptz, ${cursor.id}::uuid)`)
  return Prisma.join(parts, ' and ')
}

const isOf = (people: Prisma.Sql) =>
  Prisma.sql`person_id in (select person.id from person where not confidential and ${people})`

/** An iD finds that person's items; otherwise each word is in the title, the department or what finds the person. */
function toSearch(text: string): Prisma.Sql[] {
  if (findOrcid(text)) return [isOf(searchCondition(text))]
  return toWords(text).map((word) => {
    const condition = wordCondition(word)
    // Two searches in two indexes; PostgreSQL would read every row for an OR of them.
    return Prisma.sql`affiliation.id in (
      select id from affiliation where ${condition} union select id from affiliation where ${isOf(condition)})`
  })
}
