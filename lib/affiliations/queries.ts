import 'server-only'
import type { ResearcherActor, StaffActor } from '@/lib/actor'
import { type AffiliationState, affiliationStates, itemFields, writeScopes } from '@/lib/affiliations/affiliation'
import { keyOf, type ParsedEntry } from '@/lib/affiliations/entry'
import { db, type Prisma, type Tx } from '@/lib/db'
import { listWithoutToken } from '@/lib/grants/queries'
import { coversScopes } from '@/lib/orcid/scopes'

const { researcherId: _researcherId, ...about } = itemFields
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
} satisfies Prisma.AffiliationSelect

export const withPerson = {
  ...shown,
  researcher: { select: { orcid: true, name: true, registry: true } },
} satisfies Prisma.AffiliationSelect

export type ShownAffiliation = Prisma.AffiliationGetPayload<{ select: typeof shown }>
export type ListedAffiliation = Prisma.AffiliationGetPayload<{ select: typeof withPerson }>

const itemsPerPersonMax = 200

/** Affiliations by state; zero for the states without any. */
export async function countAffiliations(_actor: StaffActor): Promise<Record<AffiliationState, number>> {
  const groups = await db().affiliation.groupBy({ by: ['state'], _count: true })
  const counts = new Map(groups.map(({ state, _count }) => [state, _count]))
  return Object.fromEntries(affiliationStates.map((state) => [state, counts.get(state) ?? 0])) as Record<
    AffiliationState,
    number
  >
}

/** The number of rows at `refusedItemsHref`. */
export function countRefusedItems(_actor: StaffActor): Promise<number> {
  return db().affiliation.count({ where: { state: 'refused' } })
}

/** The affiliation with its person, or null. */
export function findAffiliation(_actor: StaffActor, id: string): Promise<ListedAffiliation | null> {
  return db().affiliation.findUnique({ where: { id }, select: withPerson })
}

/** Newest first, at most 200. */
export function listAffiliationsOf(_actor: StaffActor, researcherId: string): Promise<ShownAffiliation[]> {
  return listOf(researcherId)
}

/** The actor's own items, newest first, at most 200. */
export function listMyAffiliations(actor: ResearcherActor): Promise<ShownAffiliation[]> {
  return listOf(actor.researcherId)
}

function listOf(researcherId: string): Promise<ShownAffiliation[]> {
  return db().affiliation.findMany({
    where: { researcherId },
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
    select: { ...shown, writtenRevision: true, postedRevision: true, tries: true, nextTryAt: true },
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
export type MissingPrerequisite = 'permission' | 'token' | null

export type MatchedPerson = { id: string; localId: string | null; waitsFor: MissingPrerequisite }

/** An item with the keys by which rows of a file refer to it. */
export type ExistingItem = {
  key: string
  putKey: string | null
  item: Prisma.AffiliationGetPayload<{ select: typeof compared }>
}

/** The connected people in these rows, by iD, and their items. */
export async function listExistingItems(
  actor: StaffActor,
  entries: readonly ParsedEntry[],
): Promise<{ people: Map<string, MatchedPerson>; items: ExistingItem[] }> {
  const researchers = await db().researcher.findMany({
    where: { orcid: { in: [...new Set(entries.map(({ orcid }) => orcid))] } },
    select: { id: true, orcid: true, localId: true, liveScopes: true },
  })
  const orcidOf = new Map(researchers.map(({ id, orcid }) => [id, orcid]))
  const items = await db().affiliation.findMany({
    where: { researcherId: { in: [...orcidOf.keys()] } },
    select: compared,
  })
  const withoutToken = await listWithoutToken(actor, [...orcidOf.keys()], writeScopes)
  const awaited = (id: string, liveScopes: string[]): MissingPrerequisite =>
    withoutToken.has(id) ? 'token' : coversScopes(liveScopes, writeScopes) ? null : 'permission'
  return {
    people: new Map(
      researchers.map(({ id, orcid, localId, liveScopes }) => [
        orcid,
        { id, localId, waitsFor: awaited(id, liveScopes) },
      ]),
    ),
    items: items.map((item) => {
      const person = orcidOf.get(item.researcherId)
      return {
        item,
        key: keyOf(person ?? '', item),
        putKey: item.putCode && `${person} ${item.kind} ${item.putCode}`,
      }
    }),
  }
}

/** The oldest item that waits to be written, as an example for the confirmation. */
export function findWaitingExample(_actor: StaffActor): Promise<ListedAffiliation | null> {
  return db().affiliation.findFirst({
    where: { state: { in: ['pending', 'updating'] } },
    orderBy: { addedAt: 'asc' },
    select: withPerson,
  })
}
