import 'server-only'
import { system } from '@/lib/actor'
import { db, inTransaction } from '@/lib/db'
import { recordLifted, recordSuppression, type SuppressionReason } from '@/lib/mail/suppression'

/** An address by its hash; `personId` is whose it was. */
export type LedgerSuppression = {
  hash: string
  reason: SuppressionReason | 'lifted'
  at: Date
  personId: string | null
}

/** Those that the list has otherwise, or does not have. */
export async function findUnlisted(entries: readonly LedgerSuppression[]): Promise<LedgerSuppression[]> {
  const known = await db().mailSuppression.findMany({
    where: { addressHash: { in: entries.map(({ hash }) => hash) } },
    select: { addressHash: true, at: true },
  })
  const since = new Map(known.map(({ addressHash, at }) => [addressHash, at]))
  return entries.filter(({ hash, reason, at }) => {
    const listed = since.get(hash)
    return listed ? listed < at : reason !== 'lifted'
  })
}

const owner = { id: true, researcherId: true } as const

/** Puts an address on the list again after a restore, or takes it off again. Returns false if another process has. */
export function suppressAgain({ hash, reason, at, personId }: LedgerSuppression): Promise<boolean> {
  return inTransaction(async (tx) => {
    const older = { addressHash: hash, at: { lt: at } }
    const before = await tx.mailSuppression.findFirst({
      where: older,
      select: { reason: true, person: { select: owner } },
    })
    const { count: taken } = await tx.mailSuppression.deleteMany({ where: older })
    if (reason === 'lifted') {
      if (!before || taken === 0) return false
      await recordLifted(tx, system, { reason: before.reason, owner: before.person, because: 'restored' })
      return true
    }
    const whose = personId ? await tx.person.findUnique({ where: { id: personId }, select: owner }) : null
    const data = { addressHash: hash, reason, at, personId: whose?.id ?? null }
    const { count } = await tx.mailSuppression.createMany({ data, skipDuplicates: true })
    if (count > 0) await recordSuppression(tx, system, { reason, owner: whose, because: 'restored' })
    return count > 0
  })
}
