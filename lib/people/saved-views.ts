import 'server-only'
import type { StaffActor } from '@/lib/actor'
import { db } from '@/lib/db'
import { toParameters } from '@/lib/list/search'
import { isLimited } from '@/lib/list/visible'
import { type PeopleFilters, parsePeopleFilters } from '@/lib/people/schema'

export const viewNameMax = 80
const viewsMax = 50

export type SavedView = { id: string; name: string; filters: PeopleFilters; shared: boolean; mayDelete: boolean }

/** The actor’s own views and those of the team, by name. Limited people have their own: a view may name a department. */
export async function listViews(actor: StaffActor): Promise<SavedView[]> {
  const rows = await db().savedView.findMany({
    where: isLimited(actor) ? { madeById: actor.staffId } : { OR: [{ madeById: actor.staffId }, { shared: true }] },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    take: viewsMax,
  })
  return rows.map(({ id, name, filters, shared, madeById }) => ({
    id,
    name,
    shared,
    filters: parsePeopleFilters(new URLSearchParams(filters)),
    mayDelete: madeById === actor.staffId || actor.role === 'admin',
  }))
}

/** What a view keeps: not the page, and no words of a search, which may name somebody. */
export const toKeptFilters = (filters: PeopleFilters): PeopleFilters => ({ ...filters, q: null, cursor: null })

/** Saves the filters under a name. False if there are as many views as a person may have. */
export async function saveView(
  actor: StaffActor,
  { name, filters, shared }: { name: string; filters: PeopleFilters; shared: boolean },
): Promise<boolean> {
  if ((await db().savedView.count({ where: { madeById: actor.staffId } })) >= viewsMax) return false
  const kept = toParameters(toKeptFilters(filters)).toString()
  await db().savedView.create({ data: { name, filters: kept, shared, madeById: actor.staffId } })
  return true
}

/** Deletes the actor’s own view, or any for an administrator. */
export async function deleteView(actor: StaffActor, id: string): Promise<void> {
  const whose = actor.role === 'admin' ? {} : { madeById: actor.staffId }
  await db().savedView.deleteMany({ where: { id, ...whose } })
}
