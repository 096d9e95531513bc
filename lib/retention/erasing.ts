import 'server-only'
import { type Actor, type ResearcherActor, type StaffActor, system } from '@/lib/actor'
import { eraseAffiliations } from '@/lib/affiliations/commands'
import { eraseAttempts, lockAttempts } from '@/lib/attempts/commands'
import { recordEvent } from '@/lib/audit/commands'
import { eraseCalls } from '@/lib/calls/commands'
import { eraseChecks } from '@/lib/checks/commands'
import { inTransaction, type Tx } from '@/lib/db'
import { eraseGrants } from '@/lib/grants/commands'
import { enqueueJob } from '@/lib/jobs/queue'
import { forgetRecords } from '@/lib/records/cache'
import { deleteResearcher, findLockedResearcher, listMergedInto } from '@/lib/researchers/commands'
import { eraseNotes } from '@/lib/researchers/note-commands'
import type { ErasureReason, StaffErasureReason } from '@/lib/retention/erasure'
import { eraseSessions } from '@/lib/sessions/commands'
import { eraseTrials } from '@/lib/trials/commands'

/** Erases the researcher who asks. When this returns they are unknown here and signed out; repeating it does nothing. */
export async function eraseMyself(actor: ResearcherActor, requestId?: string): Promise<void> {
  await erase(actor, actor.researcherId, 'own_request', requestId)
}

/** Erases a researcher on behalf of the institution. False when nobody has this id, or has it any more. */
export function eraseResearcher(
  actor: StaffActor,
  researcherId: string,
  reason: StaffErasureReason,
  requestId?: string,
): Promise<boolean> {
  return erase(actor, researcherId, reason, requestId)
}

/** Erases once more who was erased at `erasedAt` and came back with a backup. False when nobody has this id. */
export function eraseAgain(researcherId: string, erasedAt: Date): Promise<boolean> {
  return erase(system, researcherId, 'repeated', undefined, erasedAt)
}

/**
 * Everything that says who somebody is goes, in one transaction, and with it whatever is held about iDs that ORCID merged
 * into theirs: nobody can sign in with those any more to have it erased. Whoever comes back starts as new.
 */
async function erase(
  actor: Actor,
  researcherId: string,
  reason: ErasureReason,
  requestId?: string,
  erasedAt?: Date,
): Promise<boolean> {
  const isErased = await inTransaction(async (tx) => {
    const erasure = { reason, requestId, erasedAt }
    for (const merged of await listMergedInto(tx, researcherId)) await eraseOne(tx, actor, merged, erasure)
    const isThere = await eraseOne(tx, actor, researcherId, erasure)
    // At once: until the ledger has it, a restored backup would not know.
    if (isThere) await enqueueJob(tx, 'ledger', { key: 'ledger' })
    return isThere
  })
  forgetRecords(researcherId)
  return isErased
}

/**
 * Their row, items, grants, attempts, sessions, checks, calls to ORCID, notes about them and what staff tried out with their permission. What stays names nobody: a tombstone, the
 * events, and each token that ORCID still has to disable.
 */
async function eraseOne(
  tx: Tx,
  actor: Actor,
  researcherId: string,
  { reason, requestId, erasedAt }: { reason: ErasureReason; requestId?: string; erasedAt?: Date },
): Promise<boolean> {
  await lockAttempts(tx, researcherId)
  const researcher = await findLockedResearcher(tx, researcherId)
  if (!researcher) return false
  await eraseSessions(tx, researcherId)
  await eraseAffiliations(tx, researcher)
  await eraseCalls(tx, researcherId)
  await eraseNotes(tx, researcherId)
  await eraseChecks(tx, researcherId)
  await eraseGrants(tx, actor, researcherId, requestId)
  await eraseTrials(tx, actor, researcher.orcid)
  await eraseAttempts(tx, researcherId)
  await deleteResearcher(tx, researcherId)
  await tx.erasure.create({ data: { researcherId, reason, actorKind: actor.kind, erasedAt } })
  await recordEvent(tx, actor, { action: 'researcher.erased', researcherId, requestId, detail: { reason } })
  return true
}
