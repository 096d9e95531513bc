import 'server-only'
import { z } from 'zod'
import type { ApiActor } from '@/lib/actor'
import { ApiProblem } from '@/lib/api/problem'
import { inTransaction, Prisma, queryRows, type Tx } from '@/lib/db'

const keptMs = 86_400_000

/** Of one item, or of many in `results`. */
export type Write = { status: number; affiliationId: string } | { status: number; results: Prisma.InputJsonArray }

/**
 * Does a write once: the same request with the same key finds what was written. Kept for a day, in the transaction of
 * the write.
 *
 * @throws ApiProblem `idempotency_key_reused` or `request_in_progress`
 */
export function writeOnce<Done extends Write>(
  actor: ApiActor,
  { key, requestHash }: { key: string; requestHash: string },
  work: (tx: Tx) => Promise<Done>,
): Promise<Done & { isRepeated: boolean }> {
  const { systemId } = actor
  return inTransaction(async (tx) => {
    const name = `api-write ${systemId} ${key}`
    const [lock] = await queryRows(
      tx,
      z.object({ isOurs: z.boolean() }),
      Prisma.sql`
      select pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) as "isOurs"`,
    )
    if (!lock?.isOurs) throw new ApiProblem('request_in_progress', { headers: { 'Retry-After': '1' } })
    const found = await tx.apiWrite.findUnique({ where: { systemId_key: { systemId, key } } })
    if (found && found.at.getTime() > Date.now() - keptMs) {
      if (found.requestHash !== requestHash) throw new ApiProblem('idempotency_key_reused')
      // The same request was of the same kind.
      const { status, affiliationId, results } = found
      const earlier = affiliationId === null ? { status, results } : { status, affiliationId }
      return { ...(earlier as unknown as Done), isRepeated: true }
    }
    const done = await work(tx)
    await tx.apiWrite.deleteMany({ where: { systemId, key } })
    await tx.apiWrite.create({ data: { systemId, key, requestHash, ...done } })
    return { ...done, isRepeated: false }
  })
}
