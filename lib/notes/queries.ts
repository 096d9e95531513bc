import 'server-only'
import type { ResearcherActor, StaffActor } from '@/lib/actor'
import { db } from '@/lib/db'
import { beyond, type Place, placesOf, toPage } from '@/lib/place'

const atOnce = 20

/** One page of the notes about one researcher, newest first, at most 20. One that was removed has no text. */
export async function listNotesAbout(_actor: StaffActor, researcherId: string, after: Place | null) {
  const found = await db().note.findMany({
    where: { researcherId, ...beyond('addedAt', after) },
    orderBy: [{ addedAt: 'desc' }, { id: 'desc' }],
    take: atOnce + 1,
    select: {
      id: true,
      text: true,
      addedAt: true,
      removedAt: true,
      authorId: true,
      author: { select: { name: true, orcid: true } },
    },
  })
  return toPage(found, atOnce, placesOf('addedAt'))
}

/** What staff noted about the researcher who asks, for their own download. */
export function listMyNotes(actor: ResearcherActor) {
  return db().note.findMany({
    where: { researcherId: actor.researcherId },
    orderBy: { addedAt: 'asc' },
    select: { text: true, addedAt: true, removedAt: true },
  })
}
