import 'server-only'
import { z } from 'zod'
import type { ApiActor } from '@/lib/actor'
import { changesPoint, findLogEnd, sealPoint } from '@/lib/api/changes'
import { openCursor, sealCursor } from '@/lib/api/cursor'
import { isSeen, personObject } from '@/lib/api/person-object'
import { ApiProblem } from '@/lib/api/problem'
import { direct, Prisma, queryRows } from '@/lib/db'

/** The page goes on after `id`. A copy of the list is kept up to date from where the first page was read. */
const pageCursor = z.object({ id: z.uuid(), start: changesPoint })

const pageRow = z.object({ items: z.string(), last: z.string().nullable(), rows: z.number() })

export type PeopleQuery = { localId?: string; orcid?: string; cursor?: string; limit: number }

/** `items` is JSON. */
export type PeoplePage = { items: string; next: string | null; changes: string }

/** A page of those whom the system may see, in the order of their ids. */
export async function readPeople(actor: ApiActor, { cursor, limit, ...filters }: PeopleQuery): Promise<PeoplePage> {
  const after = cursor ? await openCursor(actor.systemId, 'people', pageCursor, cursor) : null
  const start = after?.start ?? (await findLogEnd(actor))
  const rows = Prisma.sql`
    select person.id, ${personObject()} as object from person
    where ${isSeen(actor)} and ${toCondition(filters)} and ${after ? Prisma.sql`person.id > ${after.id}::uuid` : Prisma.sql`true`}
    order by person.id limit ${limit}`
  const [page] = await queryRows(
    direct,
    pageRow,
    Prisma.sql`select coalesce(json_agg(object order by id), '[]')::text as items, (max(id::text)) as last,
      count(*)::int as rows from (${rows}) as page`,
  )
  const last = page && page.rows === limit ? page.last : null
  return {
    items: page?.items ?? '[]',
    next: last ? await sealCursor(actor.systemId, 'people', { id: last, start }) : null,
    changes: await sealPoint(actor, start),
  }
}

/** The number of somebody who was merged leads to whom they were merged into. */
function toCondition({ localId, orcid }: Pick<PeopleQuery, 'localId' | 'orcid'>): Prisma.Sql {
  const parts = [Prisma.sql`true`]
  if (orcid !== undefined) parts.push(Prisma.sql`person.orcid = ${orcid}`)
  if (localId !== undefined) {
    parts.push(Prisma.sql`person.id = (select coalesce(merged_into_id, id) from person where local_id = ${localId})`)
  }
  return Prisma.join(parts, ' and ')
}

const objectRow = z.object({ object: z.string() })

/** The JSON of one person. @throws ApiProblem `not_found`, whether or not there is such a person */
export async function getPerson(actor: ApiActor, id: string): Promise<string> {
  const [found] = await queryRows(
    direct,
    objectRow,
    Prisma.sql`select ${personObject()}::text as object from person where person.id = ${id}::uuid and ${isSeen(actor)}`,
  )
  if (!found) throw new ApiProblem('not_found')
  return found.object
}
