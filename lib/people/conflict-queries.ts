import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { db, Prisma, type Queryable, queryRows, withListTimeout } from '@/lib/db'
import { countedMax } from '@/lib/list/count'
import { type Page, paginate } from '@/lib/list/pagination'
import { isLimited } from '@/lib/list/visible'
import { searchPeople } from '@/lib/people/condition'
import type { ConflictCursor, ConflictFilters } from '@/lib/people/conflict-schema'
import { conflictKinds, evidences, resolutions } from '@/lib/people/person'

const side = z.object({
  id: z.string(),
  name: z.string().nullable(),
  localId: z.string().nullable(),
  orcid: z.string().nullable(),
  registry: z.enum(['production', 'sandbox', 'local']).nullable(),
  liveScopes: z.array(z.string()),
  finding: z.string().nullable(),
})

const row = z.object({
  id: z.string(),
  kind: z.enum(conflictKinds),
  evidence: z.array(z.enum(evidences)),
  resolution: z.enum(resolutions).nullable(),
  at: z.coerce.date(),
  person: side,
  other: side.nullable(),
})
export type ListedConflict = z.infer<typeof row>
export type ConflictSide = z.infer<typeof side>

const sideOf = (table: 'p' | 'o') => {
  const of = (column: string) => Prisma.raw(`${table}.${column}`)
  return Prisma.sql`json_build_object('id', ${of('id')}, 'name', ${of('name')}, 'localId', ${of('local_id')},
    'orcid', ${of('orcid')}, 'registry', ${of('registry')}, 'liveScopes', ${of('live_scopes')}, 'finding', ${of('finding')})`
}

export const conflictPageSize = 50

/** `count` stops at `countedMax` + 1. */
export type ConflictPage = Page<ListedConflict, ConflictCursor> & { count: number }

/** 50 conflicts: conflicts before proposals, the oldest first; of decided ones, the latest first. */
export function listConflicts(_actor: StaffActor, filters: ConflictFilters): Promise<ConflictPage> {
  const decided = filters.show === 'decided'
  return withListTimeout(async (tx) => {
    const count = await countRows(tx, filters)
    const page = await paginate<ListedConflict, ConflictCursor>({
      size: conflictPageSize,
      cursor: filters.cursor,
      cursorOf: ({ kind, at, id }, go) => ({ go, decided, proposal: kind === 'proposal', at: at.toISOString(), id }),
      read: (cursor, limit) => queryRows(tx, row, rowsSql(filters, cursor, limit)),
    })
    return { ...page, count }
  })
}

function rowsSql(filters: ConflictFilters, cursor: ConflictCursor | null, limit: number): Prisma.Sql {
  const decided = filters.show === 'decided'
  const at = decided ? Prisma.sql`c.resolved_at` : Prisma.sql`c.opened_at`
  // Decided ones are in one order by time alone.
  const isProposal = decided ? Prisma.sql`(c.resolved_at is null)` : Prisma.sql`(c.kind = 'proposal')`
  const descending = decided !== (cursor?.go === 'previous')
  const [than, direction] = [Prisma.raw(descending ? '<' : '>'), Prisma.raw(descending ? 'desc' : 'asc')]
  const after = cursor
    ? Prisma.sql`(${isProposal}, ${at}, c.id) ${than} (${decided ? false : cursor.proposal}, ${cursor.at}::timestamptz, ${cursor.id}::uuid)`
    : Prisma.sql`true`
  return Prisma.sql`
    select c.id::text, c.kind::text, c.evidence, c.resolution::text, ${at} as at, ${sideOf('p')} as person,
      case when o.id is not null then ${sideOf('o')} end as other
    from conflict c join person p on p.id = c.person_id left join person o on o.id = c.other_person_id
    where ${toCondition(filters)} and ${after}
    order by ${isProposal} ${direction}, ${at} ${direction}, c.id ${direction} limit ${limit}`
}

/** The number of matching conflicts; `countedMax` + 1 if there are more. */
export function countConflicts(_actor: StaffActor, filters: ConflictFilters): Promise<number> {
  return withListTimeout((tx) => countRows(tx, filters))
}

async function countRows(tx: Queryable, filters: ConflictFilters): Promise<number> {
  const [found] = await queryRows(
    tx,
    z.object({ count: z.number() }),
    Prisma.sql`select count(*)::int as count from (
      select from conflict c where ${toCondition(filters)} limit ${countedMax + 1}) as found`,
  )
  return found?.count ?? 0
}

function toCondition({ q, kind, evidence, show }: ConflictFilters): Prisma.Sql {
  const parts = [show ? Prisma.sql`c.resolved_at is not null` : Prisma.sql`c.resolved_at is null`]
  if (kind === 'conflict') parts.push(Prisma.sql`c.kind <> 'proposal'`)
  else if (kind) parts.push(Prisma.sql`c.kind = ${kind}::conflict_kind`)
  if (evidence) parts.push(Prisma.sql`${evidence} = any(c.evidence)`)
  if (q) {
    const found = Prisma.sql`(select id from person where ${searchPeople(q)})`
    parts.push(Prisma.sql`(c.person_id in ${found} or c.other_person_id in ${found})`)
  }
  return Prisma.join(parts, ' and ')
}

export type ConflictCounts = {
  conflicts: number
  proposals: number
  atOrcid: number
  /** When the last open conflict, and the last open proposal, began. */
  conflictAt: Date | null
  proposalAt: Date | null
}

/** What is open; and people whose iD ORCID merged or answers strangely for, which no decision here settles. */
export async function countOpenConflicts(_actor: StaffActor): Promise<ConflictCounts> {
  const counts = z.object({
    conflicts: z.number(),
    proposals: z.number(),
    atOrcid: z.number(),
    conflictAt: z.date().nullable(),
    proposalAt: z.date().nullable(),
  })
  const [found] = await queryRows(
    db(),
    counts,
    Prisma.sql`
      select count(*) filter (where kind <> 'proposal')::int as conflicts,
        count(*) filter (where kind = 'proposal')::int as proposals,
        max(opened_at) filter (where kind <> 'proposal') as "conflictAt",
        max(opened_at) filter (where kind = 'proposal') as "proposalAt",
        (select count(*)::int from researcher where conflict) as "atOrcid"
      from conflict where resolved_at is null`,
  )
  return counts.parse(found)
}

const shownSide = {
  id: true,
  localId: true,
  origin: true,
  givenName: true,
  familyName: true,
  name: true,
  orcidName: true,
  email: true,
  department: true,
  kind: true,
  orcid: true,
  registry: true,
  knownOrcid: true,
  connection: true,
  liveScopes: true,
  finding: true,
  expiresAt: true,
  firstConnectedAt: true,
  mergedIntoId: true,
  bindings: { where: { endedAt: null }, select: { proof: true, madeAt: true, confirmedAt: true } },
} satisfies Prisma.PersonSelect

const shownConflict = {
  id: true,
  kind: true,
  personId: true,
  otherPersonId: true,
  researcherId: true,
  evidence: true,
  openedAt: true,
  resolvedAt: true,
  resolution: true,
  reason: true,
  moved: true,
  resolvedBy: { select: { name: true, orcid: true } },
  person: { select: shownSide },
  otherPerson: { select: shownSide },
} satisfies Prisma.ConflictSelect

type Items = { waiting: number; written: number }
export type ShownSide = Prisma.PersonGetPayload<{ select: typeof shownSide }> & { items: Items }
type Found = Prisma.ConflictGetPayload<{ select: typeof shownConflict }>
export type ShownConflict = Omit<Found, 'person' | 'otherPerson'> & {
  person: ShownSide
  otherPerson: ShownSide | null
  /** Other open questions about the same iD. */
  others: { id: string; kind: Found['kind']; person: { name: string | null; localId: string | null } }[]
}

/** A conflict with all that is known of both sides, or null. */
export async function findConflict(_actor: StaffActor, id: string): Promise<ShownConflict | null> {
  const found = await db().conflict.findUnique({ where: { id }, select: shownConflict })
  if (!found) return null
  const { person, otherPerson, researcherId } = found
  const items = await countItems([person.id, ...(otherPerson ? [otherPerson.id] : [])])
  const itemsOf = (personId: string) => items.get(personId) ?? { waiting: 0, written: 0 }
  const others = researcherId
    ? await db().conflict.findMany({
        where: { researcherId, resolvedAt: null, id: { not: id } },
        orderBy: [{ openedAt: 'asc' }, { id: 'asc' }],
        take: 20,
        select: { id: true, kind: true, person: { select: { name: true, localId: true } } },
      })
    : []
  return {
    ...found,
    person: { ...person, items: itemsOf(person.id) },
    otherPerson: otherPerson && { ...otherPerson, items: itemsOf(otherPerson.id) },
    others,
  }
}

/** Items on the record, and items that are to be there. */
async function countItems(personIds: readonly string[]): Promise<Map<string, Items>> {
  const rows = await queryRows(
    db(),
    z.object({ personId: z.string(), waiting: z.number(), written: z.number() }),
    Prisma.sql`
      select person_id::text as "personId",
        count(*) filter (where put_code is null and state not in ('deleted', 'deleted_by_person', 'deleting'))::int as waiting,
        count(*) filter (where put_code is not null and state <> 'deleted_by_person')::int as written
      from affiliation where person_id = any(${[...personIds]}::uuid[]) group by person_id`,
  )
  return new Map(rows.map(({ personId, ...counts }) => [personId, counts]))
}

/** The open conflicts and proposals of a person, oldest first, at most 20. Limited people see none. */
export async function listOpenConflictsOf(actor: StaffActor, personId: string) {
  if (isLimited(actor)) return []
  return db().conflict.findMany({
    where: { resolvedAt: null, OR: [{ personId }, { otherPersonId: personId }] },
    orderBy: [{ openedAt: 'asc' }, { id: 'asc' }],
    take: 20,
    select: { id: true, kind: true },
  })
}
