import 'server-only'
import type { ResearcherActor } from '@/lib/actor'
import { db } from '@/lib/db'

export type MyExport = { action: string; at: Date }

/** The files with details of the researcher who asks, newest first, at most `most`. */
export function listMyExports(actor: ResearcherActor, most: number): Promise<MyExport[]> {
  return listExports(actor, most)
}

/** Every file that details of the researcher who asks went into, for their own download. */
export function listAllMyExports(actor: ResearcherActor): Promise<MyExport[]> {
  return listExports(actor)
}

/** A file of the history has a person in several of its parts; it is one file all the same. */
async function listExports(actor: ResearcherActor, most?: number): Promise<MyExport[]> {
  const parts = await db().exportPart.groupBy({
    by: ['exportId', 'action'],
    where: { researcherIds: { has: actor.researcherId } },
    _min: { at: true },
    orderBy: { _min: { at: 'desc' } },
    take: most,
  })
  return parts.flatMap(({ action, _min: { at } }) => (at ? [{ action, at }] : []))
}
