import 'server-only'
import type { ResearcherActor, StaffActor } from '@/lib/actor'
import { db } from '@/lib/db'
import { afterCursor, paginate, type TimeCursor, timeCursorOf } from '@/lib/list/pagination'

const pageSize = 20

/** Newest first, 20 a page. A removed note has no text. */
export function listNotesAbout(_actor: StaffActor, researcherId: string, cursor: TimeCursor | null) {
  const select = {
    id: true,
    text: true,
    addedAt: true,
    removedAt: true,
    authorId: true,
    author: { select: { name: true, orcid: true } },
  }
  return paginate({
    size: pageSize,
    cursor,
    cursorOf: timeCursorOf('addedAt'),
    read: (from, take) => {
      const { where, orderBy } = afterCursor('addedAt', from)
      return db().note.findMany({ where: { researcherId, ...where }, orderBy, take, select })
    },
  })
}

/** Notes about the actor, for their own download. */
export function listMyNotes(actor: ResearcherActor) {
  return db().note.findMany({
    where: { researcherId: actor.researcherId },
    orderBy: { addedAt: 'asc' },
    select: { text: true, addedAt: true, removedAt: true },
  })
}
