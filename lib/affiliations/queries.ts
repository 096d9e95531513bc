import 'server-only'
import { z } from 'zod'
import type { ResearcherActor, StaffActor } from '@/lib/actor'
import { type AffiliationState, affiliationStates, itemFields } from '@/lib/affiliations/affiliation'
import { keyOf, type ParsedEntry } from '@/lib/affiliations/entry'
import { db, type Prisma, type Tx } from '@/lib/db'
import { countCached } from '@/lib/figures/cached-count'
import { listWithoutToken } from '@/lib/grants/queries'
import { notConfidential } from '@/lib/list/confidential'
import { coversScopes, writeScopes } from '@/lib/orcid/scopes'
import { isProven } from '@/lib/people/person'

const { personId: _personId, researcherId: _researcherId, ...about } = itemFields
const shown = {
  ...about,
  origin: true,
  state: true,
  removal: true,
  reason: true,
  addedAt: true,
  changedAt: true,
  writtenAt: true,
  checkedAt: true,
  /** Null if staff added it. */
  system: { select: { id: true, name: true } },
} satisfies Prisma.AffiliationSelect

export const withPerson = {
  ...shown,
  person: { select: { id: true, orcid: true, name: true, registry: true, localId: true } },
} satisfies Prisma.AffiliationSelect

export type ShownAffiliation = Prisma.AffiliationGetPayload<{ select: typeof shown }>
export type ListedAffiliation = Prisma.AffiliationGetPayload<{ select: typeof withPerson }>

const itemsPerPersonMax = 200

/** Affiliations by state; zero for the states without any. */
export async function countAffiliations(_actor: StaffActor): Promise<Record<AffiliationState, number>> {
  const groups = await db().affiliation.groupBy({ by: ['state'], where: notConfidential, _count: true })
  const counts = new Map(groups.map(({ state, _count }) => [state, _count]))
  return Object.fromEntries(affiliationStates.map((state) => [state, counts.get(state) ?? 0])) as Record<
    AffiliationState,
    number
  >
}

/** The number of rows at `refusedItemsHref`, kept for a minute where it is slow to count. */
export async function countRefusedItems(_actor: StaffActor): Promise<number> {
  const count = () => db().affiliation.count({ where: { state: 'refused', ...notConfidential } })
  return (await countCached('refused items', count)).value
}

/** When ORCID last refused one; null if never. */
export async function findLastRefusal(_actor: StaffActor): Promise<Date | null> {
  const last = await db().auditEvent.findFirst({
    where: { action: 'affiliation.refused' },
    orderBy: { id: 'desc' },
    select: { at: true },
  })
  return last?.at ?? null
}

/** The affiliation with its person, or null. Of a confidential person, for administrators only. */
export function findAffiliation(actor: StaffActor, id: string): Promise<ListedAffiliation | null> {
  const visible = actor.role === 'admin' ? {} : notConfidential
  return db().affiliation.findFirst({ where: { id, ...visible }, select: withPerson })
}

/** Newest first, at most 200. */
export function listAffiliationsOf(_actor: StaffActor, researcherId: string): Promise<ShownAffiliation[]> {
  return listOf({ researcherId })
}

/** Of a person who may have no iD, newest first, at most 200. */
export function listAffiliationsOfPerson(_actor: StaffActor, personId: string): Promise<ShownAffiliation[]> {
  return listOf({ personId })
}

/** The actor's own items, newest first, at most 200. */
export function listMyAffiliations(actor: ResearcherActor): Promise<ShownAffiliation[]> {
  return listOf({ researcherId: actor.researcherId })
}

function listOf(whose: { researcherId: string } | { personId: string }): Promise<ShownAffiliation[]> {
  return db().affiliation.findMany({
    where: whose,
    orderBy: [{ addedAt: 'desc' }, { id: 'desc' }],
    take: itemsPerPersonMax,
    select: shown,
  })
}

/** The actor's own items with all data, for their download. */
export function listMyAffiliationsForDownload(actor: ResearcherActor) {
  return db().affiliation.findMany({
    where: { researcherId: actor.researcherId },
    orderBy: { addedAt: 'asc' },
    select: {
      ...shown,
      systemId: true,
      writtenRevision: true,
      postedRevision: true,
      tries: true,
      nextTryAt: true,
      asks: true,
    },
  })
}

/** Affiliations of ours that are on the record of the researcher who asks. */
export function countMyItemsOnRecord(actor: ResearcherActor): Promise<number> {
  return countOnRecord(actor.researcherId)
}

/** Affiliations of ours that are on somebody’s record. */
export function countItemsOnRecord(_actor: StaffActor, researcherId: string): Promise<number> {
  return countOnRecord(researcherId)
}

/** Items that are written to somebody’s record once they allow it. */
export function countHeldItems(_actor: StaffActor, researcherId: string): Promise<number> {
  return db().affiliation.count({ where: { researcherId, state: 'no_permission', removal: null } })
}

/** Also true if the answer to a POST was lost and the item may be on the record. */
export async function hasItemsOnRecord(tx: Tx, researcherId: string): Promise<boolean> {
  const item = await tx.affiliation.findFirst({
    where: {
      researcherId,
      OR: [{ putCode: { not: null } }, { postedRevision: { not: null } }],
      state: { notIn: ['deleted', 'deleted_by_person'] },
    },
    select: { id: true },
  })
  return item !== null
}

function countOnRecord(researcherId: string): Promise<number> {
  return db().affiliation.count({
    where: { researcherId, putCode: { not: null }, state: { notIn: ['deleted', 'deleted_by_person'] } },
  })
}

const compared = {
  ...itemFields,
  state: true,
  removal: true,
} satisfies Prisma.AffiliationSelect

/** What writing for a person waits for; null for nothing. */
export type MissingPrerequisite = 'person' | 'confirmation' | 'permission' | 'token' | null

export type MatchedPerson = {
  personId: string
  /** Null while the person has no iD. */
  researcherId: string | null
  localId: string | null
  name: string | null
  orcid: string | null
  waitsFor: MissingPrerequisite
}

/** An item with the keys by which rows of a file refer to it. */
export type ExistingItem = {
  key: string
  putKey: string | null
  item: Prisma.AffiliationGetPayload<{ select: typeof compared }>
}

/** The people in these rows, by iD and by our id, and their items. */
export async function listExistingItems(
  actor: StaffActor,
  entries: readonly ParsedEntry[],
): Promise<{ people: Map<string, MatchedPerson>; items: ExistingItem[] }> {
  const asked = [...new Set(entries.map(({ who }) => who))]
  const people = await db().person.findMany({
    where: { OR: [{ orcid: { in: asked.filter((who) => !isOurs(who)) } }, { id: { in: asked.filter(isOurs) } }] },
    select: {
      id: true,
      orcid: true,
      name: true,
      localId: true,
      liveScopes: true,
      researcherId: true,
      confidential: true,
      bindings: { where: { endedAt: null }, select: { proof: true, mustAsk: true, confirmedAt: true } },
    },
  })
  const items = await db().affiliation.findMany({
    where: { personId: { in: people.map(({ id }) => id) } },
    select: compared,
  })
  const researcherIds = people.flatMap(({ researcherId }) => researcherId ?? [])
  const withoutToken = await listWithoutToken(actor, researcherIds, writeScopes)
  const awaited = ({ researcherId, liveScopes, bindings }: (typeof people)[number]): MissingPrerequisite => {
    if (!researcherId) return 'person'
    if (!bindings.some(isProven)) return 'confirmation'
    if (withoutToken.has(researcherId)) return 'token'
    return coversScopes(liveScopes, writeScopes) ? null : 'permission'
  }
  return {
    people: new Map(
      people.flatMap((person) => {
        const { id: personId, researcherId, localId, orcid, confidential } = person
        const name = confidential && actor.role !== 'admin' ? null : person.name
        const matched: MatchedPerson = { personId, researcherId, localId, name, orcid, waitsFor: awaited(person) }
        return [orcid, personId].flatMap((who) => (who ? [[who, matched] as const] : []))
      }),
    ),
    items: items.map((item) => ({
      item,
      key: keyOf(item.personId, item),
      putKey: item.putCode && `${item.personId} ${item.kind} ${item.putCode}`,
    })),
  }
}

const isOurs = (who: string) => z.uuid().safeParse(who).success

/** The oldest item that waits to be written, as an example for the confirmation. */
export function findWaitingExample(_actor: StaffActor): Promise<ListedAffiliation | null> {
  return db().affiliation.findFirst({
    where: { state: { in: ['pending', 'updating'] }, ...notConfidential },
    orderBy: { addedAt: 'asc' },
    select: withPerson,
  })
}
