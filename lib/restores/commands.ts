import 'server-only'
import { z } from 'zod'
import { type StaffActor, type SystemActor, system } from '@/lib/actor'
import { endAllAttempts } from '@/lib/attempts/commands'
import { recordEvent } from '@/lib/audit/commands'
import { inTransaction, Prisma, queryRows, type Tx } from '@/lib/db'
import { cancelAllRuns } from '@/lib/exports/runs'
import { compareWithLedger, findEvidence, lockLedger } from '@/lib/installation/restore-detection'
import { enqueueJob } from '@/lib/jobs/queue'
import { log } from '@/lib/log'
import { doubtAllMails } from '@/lib/mail/recording'
import { endAllSessions } from '@/lib/sessions/commands'
import { withdrawAllInvitations } from '@/lib/staff/invitations'
import { stopAllSystems } from '@/lib/systems/commands'
import { forgetWorksAnswers } from '@/lib/works/answers'

/**
 * Detects a restored database, at each start and each minute. Ends sessions that may have ended since, attempts whose
 * codes may be used, invitations that may be accepted, systems whose keys may be revoked, and files that are being written; mails that wait may have gone.
 * Idempotent.
 *
 * @throws AppError `conflict` for the ledger of another installation
 */
export function detectRestore(): Promise<void> {
  return inTransaction(async (tx) => {
    await lockLedger(tx)
    const comparison = await compareWithLedger(tx)
    const evidence = findEvidence(comparison)
    const open = await findOpen(tx)
    if (open) {
      if (!open.heldAt) await hold(tx, open.id, open.foundBy)
      return
    }
    if (evidence) {
      const missingFrom = await findNewestTime(tx)
      const { id } = await tx.restore.create({ data: { foundBy: evidence, missingFrom }, select: { id: true } })
      await hold(tx, id, evidence)
    } else if (comparison && comparison.location !== comparison.lastLocation) {
      await tx.installation.updateMany({ data: { location: comparison.location, timeline: null } })
    }
  })
}

async function hold(tx: Tx, id: string, evidence: string): Promise<void> {
  await endAllSessions(tx)
  await endAllAttempts(tx)
  await withdrawAllInvitations(tx)
  await stopAllSystems(tx)
  await forgetWorksAnswers(tx)
  await cancelAllRuns(tx)
  await doubtAllMails(tx)
  await tx.restore.update({ where: { id }, data: { heldAt: new Date() } })
  await recordEvent(tx, system, { action: 'restore.found', detail: { evidence } })
  await enqueueJob(tx, 'ledger', { key: 'ledger' })
  log().error({ evidence }, 'the database was restored: Concord sends nothing until the release at /staff/restored')
}

/** The newest time in the database: data may be missing from then on. */
async function findNewestTime(tx: Tx): Promise<Date | null> {
  const [row] = await queryRows(
    tx,
    z.object({ at: z.date().nullable() }),
    Prisma.sql`
    select greatest((select max(at) from audit_event), (select worker_seen_at from installation)) as at`,
  )
  return row?.at ?? null
}

function findOpen(tx: Tx) {
  return tx.restore.findFirst({
    where: { releasedAt: null },
    orderBy: { foundAt: 'desc' },
    select: { id: true, foundBy: true, heldAt: true, checkedAt: true, ledgerMark: true },
  })
}

export type Release = 'released' | 'not_checked' | 'nothing'

/**
 * Ends the hold on a restored database. The ledger continues after its last repeated line. Lines of another database
 * after that one hold this database again.
 */
export function releaseRestore(actor: StaffActor | SystemActor, requestId?: string): Promise<Release> {
  return inTransaction(async (tx) => {
    await lockLedger(tx)
    const open = await findOpen(tx)
    if (!open) return 'nothing'
    if (!open.checkedAt) return 'not_checked'
    await tx.restore.updateMany({ where: { releasedAt: null }, data: { releasedAt: new Date() } })
    const comparison = await compareWithLedger(tx)
    await tx.installation.updateMany({
      data: {
        ledgerMark: open.ledgerMark,
        ledgerNextMark: null,
        location: comparison?.location ?? null,
        timeline: null,
      },
    })
    await recordEvent(tx, actor, { action: 'restore.released', requestId })
    for (const name of ['ledger', 'revoke', 'recover']) await enqueueJob(tx, name, { key: name })
    return 'released'
  })
}
