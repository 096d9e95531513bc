import 'server-only'
import { z } from 'zod'
import type { ResearcherActor, StaffActor } from '@/lib/actor'
import { db, Prisma, type Queryable, queryRows, withListTimeout } from '@/lib/db'
import { countedMax } from '@/lib/list/count'
import { type Page, paginate } from '@/lib/list/pagination'
import { conflictCondition, isLimited, seenBy } from '@/lib/list/visible'
import { findOrcid } from '@/lib/orcid/id'
import { toPeopleCondition } from '@/lib/people/condition'
import { isOnTheRoster, isProven, personKinds, personStates } from '@/lib/people/person'
import {
  noPeopleFilters,
  type PeopleCursor,
  type PeopleFilters,
  type PeopleSort,
  peopleSortOf,
} from '@/lib/people/schema'
import type { ResearcherFinding } from '@/lib/researchers/researcher'

const row = z.object({
  id: z.string(),
  name: z.string().nullable(),
  orcid: z.string().nullable(),
  knownOrcid: z.string().nullable(),
  registry: z.enum(['production', 'sandbox', 'local']).nullable(),
  localId: z.string().nullable(),
  department: z.string().nullable(),
  kind: z.enum(personKinds).nullable(),
  state: z.enum(personStates),
  leavesOn: z.string().nullable(),
  pausedAt: z.date().nullable(),
  leftAt: z.date().nullable(),
  connection: z.enum(['connected', 'identity_only', 'withdrawn', 'expired']).nullable(),
  finding: z.custom<ResearcherFinding | null>(),
  liveScopes: z.array(z.string()),
  expiresAt: z.date().nullable(),
  firstConnectedAt: z.date().nullable(),
  withdrewAt: z.date().nullable(),
  conflict: z.boolean(),
  addedAt: z.date(),
})
export type ListedPerson = z.infer<typeof row>

const columns = Prisma.sql`person.id::text, name, orcid, known_orcid as "knownOrcid", registry::text, local_id as "localId",
  department, kind::text, state::text, leaves_on::text as "leavesOn", paused_at as "pausedAt", left_at as "leftAt", connection::text, finding::text,
  live_scopes as "liveScopes", expires_at as "expiresAt", first_connected_at as "firstConnectedAt",
  withdrew_at as "withdrewAt", added_at as "addedAt"`

export const peoplePageSize = 50

/** `from`: rows before this page, as far as known. `count` stops at `countedMax` + 1. */
export type PeoplePage = Page<ListedPerson, PeopleCursor> & { from: number; count: number }

type Asked = { actor: StaffActor; filters: PeopleFilters; scopes: readonly string[] }

/** 50 people from the cursor in `filters`. `scopes`: those that the institution asks for. */
export function listPeople(actor: StaffActor, filters: PeopleFilters, scopes: readonly string[]): Promise<PeoplePage> {
  return withListTimeout(async (tx) => {
    const sort = peopleSortOf(filters)
    const count = await countRows(tx, { actor, filters, scopes })
    const areFew = count <= countedMax
    const { rows, next, previous } = await paginate<ListedPerson, PeopleCursor>({
      size: peoplePageSize,
      cursor: filters.cursor,
      cursorOf: (person, go) => ({ sort, go, key: keyOf(person, sort), id: person.id, from: 0 }),
      read: (cursor, limit) => queryRows(tx, row, rowsSql({ actor, filters, scopes }, { cursor, limit, areFew })),
    })
    const from = previous && filters.cursor ? filters.cursor.from : 0
    return {
      rows,
      from,
      count,
      next: next && { ...next, from: from + rows.length },
      previous: previous && { ...previous, from: Math.max(0, from - peoplePageSize) },
    }
  })
}

/** The number of matching people; `countedMax` + 1 if there are more. */
export function countPeople(actor: StaffActor, filters: PeopleFilters, scopes: readonly string[]): Promise<number> {
  return withListTimeout((tx) => countRows(tx, { actor, filters, scopes }))
}

const firstFound = 8

/** The first people who match a search, by name. */
export function listFirstPeople(actor: StaffActor, q: string): Promise<ListedPerson[]> {
  const asked = { actor, filters: { ...noPeopleFilters, q }, scopes: [] }
  return withListTimeout((tx) => queryRows(tx, row, rowsSql(asked, { cursor: null, limit: firstFound, areFew: true })))
}

async function countRows(tx: Queryable, { actor, filters, scopes }: Asked): Promise<number> {
  const [found] = await queryRows(
    tx,
    z.object({ count: z.number() }),
    Prisma.sql`select count(*)::int as count from (
      select from person where ${toPeopleCondition(actor, filters, scopes)} limit ${countedMax + 1}) as found`,
  )
  return found?.count ?? 0
}

const isByName = (sort: PeopleSort) => sort.endsWith('name')
const keyOf = ({ name, addedAt }: ListedPerson, sort: PeopleSort) => (isByName(sort) ? name : addedAt.toISOString())

type Reading = { cursor: PeopleCursor | null; limit: number; areFew: boolean }

/** Many matches: walks the order's index. Few: filters first and sorts. */
function rowsSql({ actor, filters, scopes }: Asked, { cursor, limit, areFew }: Reading): Prisma.Sql {
  const sort = peopleSortOf(filters)
  const toKey = (value: Prisma.Sql) =>
    isByName(sort) ? Prisma.sql`coalesce(${value}, U&'\\FFFF') collate "und-x-icu"` : value
  const key = toKey(isByName(sort) ? Prisma.sql`name` : Prisma.sql`added_at`)
  const descending = sort.startsWith('-') !== (cursor?.go === 'previous')
  const than = Prisma.raw(descending ? '<' : '>')
  const direction = Prisma.raw(descending ? 'desc' : 'asc')
  const condition = toPeopleCondition(actor, filters, scopes)
  const source = areFew ? Prisma.sql`(select * from person where ${condition} offset 0) as person` : Prisma.sql`person`
  const type = Prisma.raw(isByName(sort) ? 'text' : 'timestamptz')
  const after = cursor
    ? Prisma.sql`(${key}, person.id) ${than} (${toKey(Prisma.sql`${cursor.key}::${type}`)}, ${cursor.id}::uuid)`
    : Prisma.sql`true`
  return Prisma.sql`
    select ${columns}, ${conflictCondition(actor)} as conflict from ${source} where ${areFew ? Prisma.sql`true` : condition} and ${after}
    order by ${key} ${direction}, person.id ${direction} limit ${limit}`
}

const shown = {
  id: true,
  localId: true,
  givenName: true,
  familyName: true,
  name: true,
  email: true,
  language: true,
  department: true,
  kind: true,
  state: true,
  leavesOn: true,
  endDatedAt: true,
  pausedAt: true,
  leftAt: true,
  confidential: true,
  knownOrcid: true,
  mergedIntoId: true,
  origin: true,
  addedAt: true,
  orcid: true,
  researcherId: true,
  conflict: true,
  appointments: {
    orderBy: [{ primary: 'desc' }, { startOn: 'desc' }, { id: 'asc' }],
    take: 50,
    select: { id: true, department: true, title: true, kind: true, startOn: true, endOn: true, primary: true },
  },
  bindings: {
    orderBy: [{ madeAt: 'desc' }],
    take: 20,
    select: {
      proof: true,
      mustAsk: true,
      madeByKind: true,
      madeAt: true,
      confirmedAt: true,
      endedAt: true,
      ended: true,
      reason: true,
      researcher: { select: { orcid: true, name: true, registry: true } },
    },
  },
} satisfies Prisma.PersonSelect

export type ShownPerson = Prisma.PersonGetPayload<{ select: typeof shown }>

/**
 * What the institution knows of a person, with their appointments and the history of their iDs; null if unknown or
 * outside the actor's departments, and to all but administrators if confidential. Limited people are not told the
 * address, nor anything that names somebody else or gives a reason.
 */
export function findPerson(actor: StaffActor, id: string): Promise<ShownPerson | null> {
  return findShown(actor, { id })
}

async function findShown(
  actor: StaffActor,
  which: { id: string } | { researcherId: string },
): Promise<ShownPerson | null> {
  const found = await db().person.findUnique({ where: { ...which, ...seenBy(actor) }, select: shown })
  return found && isLimited(actor) ? { ...found, email: null, conflict: false, bindings: [] } : found
}

/** The person with this number, or whom that entry was merged into; null if nobody has it. */
export async function findPersonIdByLocalId(_actor: StaffActor, localId: string): Promise<string | null> {
  const found = await db().person.findUnique({ where: { localId }, select: { id: true, mergedIntoId: true } })
  return found?.mergedIntoId ?? found?.id ?? null
}

/** The person who has the researcher’s iD, as `findPerson`. */
export function findPersonOf(actor: StaffActor, researcherId: string): Promise<ShownPerson | null> {
  return findShown(actor, { researcherId })
}

/** Finds somebody who is in no list, by their whole number or iD. For administrators; null for all others. */
export async function findConfidentialPerson(actor: StaffActor, q: string): Promise<string | null> {
  if (actor.role !== 'admin') return null
  const orcid = findOrcid(q)
  const found = await db().person.findFirst({
    where: { confidential: true, OR: [{ localId: q.trim() }, ...(orcid ? [{ orcid }, { knownOrcid: orcid }] : [])] },
    select: { id: true },
  })
  return found?.id ?? null
}

/** What the page of a person shows, or the page that has it: that of their iD, or of the entry they were merged into. */
export async function findPersonPage(
  actor: StaffActor,
  id: string,
): Promise<{ person: ShownPerson } | { leadsTo: string } | null> {
  const person = z.uuid().safeParse(id).success ? await findPerson(actor, id) : null
  if (person?.orcid) return { leadsTo: `/staff/researchers/${person.orcid}` }
  if (person?.mergedIntoId) {
    const other = await findPerson(actor, person.mergedIntoId)
    return other && { leadsTo: `/staff/people/${other.id}` }
  }
  return person && { person }
}

/** As `findPerson`, by the number; the number of somebody who was merged leads to the other entry. */
export async function findPersonByLocalId(actor: StaffActor, localId: string): Promise<ShownPerson | null> {
  const id = await findPersonIdByLocalId(actor, localId)
  return id ? findPerson(actor, id) : null
}

/** Whom the institution takes the actor for, and why. */
export type MyPerson = NonNullable<Awaited<ReturnType<typeof findMyPerson>>>

/** Null if nothing but the actor's iD is known here. */
export async function findMyPerson({ researcherId }: ResearcherActor) {
  const found = await db().person.findUnique({
    where: { researcherId },
    select: {
      id: true,
      origin: true,
      localId: true,
      givenName: true,
      familyName: true,
      department: true,
      kind: true,
      state: true,
      leavesOn: true,
      pausedAt: true,
      leftAt: true,
      bindings: {
        where: { endedAt: null },
        select: { proof: true, mustAsk: true, madeAt: true, confirmedAt: true },
      },
    },
  })
  const binding = found?.bindings[0]
  if (!found || !binding || !isOnTheRoster(found)) return null
  const { givenName, familyName, bindings: _bindings, origin: _origin, ...shownToThem } = found
  const name = [givenName, familyName].filter(Boolean).join(' ') || null
  const { proof, madeAt, confirmedAt } = binding
  return { ...shownToThem, name, proof, madeAt, confirmedAt, isProven: isProven(binding) }
}

/** Whether staff have to decide about the actor's iD, and nothing is written meanwhile. */
export async function amIInConflict({ researcherId }: ResearcherActor): Promise<boolean> {
  return (await db().person.count({ where: { researcherId, conflict: true } })) > 0
}

const refusal = z.object({ at: z.date(), reference: z.string().nullable(), stopped: z.number() })

/** When the actor last said "This is not me", how many entries that stopped, and the reference of it; null if never. */
export async function findMyRefusal({ researcherId }: ResearcherActor): Promise<z.infer<typeof refusal> | null> {
  const [found] = await queryRows(
    db(),
    refusal,
    Prisma.sql`
      select at, request_id as reference, coalesce((detail->>'stopped')::int, 0) as stopped from audit_event
      where researcher_id = ${researcherId}::uuid and action = 'person.unbound' and detail->>'ended' = 'not_me'
      order by id desc limit 1`,
  )
  return found ?? null
}
