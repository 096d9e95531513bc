import 'server-only'
import type { ResearcherActor } from '@/lib/actor'
import { enqueueWriting } from '@/lib/affiliations/claim'
import { newRevision } from '@/lib/affiliations/commands'
import { recordEvent, recordEvents } from '@/lib/audit/commands'
import { inTransaction, type Prisma } from '@/lib/db'
import { isProven } from '@/lib/people/person'

/** Whether the person may have the item written again: it is theirs, and they had it deleted. */
export const canBePutBack = (item: { state: string; removal: string | null; misplaced: boolean }) =>
  !item.misplaced && (item.state === 'deleted_by_person' || item.removal === 'person')

/** Has an item written again that the actor had deleted, here or at ORCID. False if there is none. */
export function putBackMyAffiliation(actor: ResearcherActor, id: string, requestId: string): Promise<boolean> {
  return inTransaction(async (tx) => {
    const item = await tx.affiliation.findFirst({
      where: { id, researcherId: actor.researcherId },
      select: {
        id: true,
        kind: true,
        state: true,
        removal: true,
        revision: true,
        misplaced: true,
        putCode: true,
        person: {
          select: { bindings: { where: { endedAt: null }, select: { proof: true, mustAsk: true, confirmedAt: true } } },
        },
      },
    })
    if (!item || !canBePutBack(item)) return false
    const isGone = item.state === 'deleted_by_person' || item.putCode === null
    const state = !item.person.bindings.some(isProven) ? 'to_be_confirmed' : isGone ? 'pending' : 'updating'
    const { count } = await tx.affiliation.updateMany({
      where: { id, researcherId: actor.researcherId, revision: item.revision, state: item.state },
      data: {
        ...newRevision(state),
        removal: null,
        asks: false,
        ...(isGone && { putCode: null, writtenRevision: null }),
      },
    })
    if (count === 0) return false
    const detail = { affiliationId: id, kind: item.kind }
    const { researcherId } = actor
    await recordEvent(tx, actor, { action: 'affiliation.put_back', researcherId, requestId, detail })
    await enqueueWriting(tx, [id])
    return true
  })
}

const misplaced = {
  misplaced: true,
  state: { notIn: ['deleted', 'deleted_by_person'] },
  OR: [{ removal: null }, { removal: 'staff' }],
} satisfies Prisma.AffiliationWhereInput

/** Requests deletion of everything on the actor's record that is there because they were taken for somebody else. */
export function removeMyMisplacedItems(actor: ResearcherActor, requestId: string): Promise<void> {
  return inTransaction(async (tx) => {
    const items = await tx.affiliation.updateManyAndReturn({
      where: { researcherId: actor.researcherId, ...misplaced },
      data: { ...newRevision('deleting'), removal: 'person' },
      select: { id: true, kind: true },
    })
    await recordEvents(
      tx,
      actor,
      items.map(({ id, kind }) => ({
        action: 'affiliation.removal_asked',
        researcherId: actor.researcherId,
        requestId,
        detail: { affiliationId: id, kind },
      })),
    )
    await enqueueWriting(
      tx,
      items.map(({ id }) => id),
    )
  })
}
