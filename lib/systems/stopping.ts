import 'server-only'
import { z } from 'zod'
import { type ResearcherActor, system } from '@/lib/actor'
import { recordEvent, recordEvents } from '@/lib/audit/commands'
import { inTransaction, Prisma, queryRows } from '@/lib/db'
import { enqueueJob } from '@/lib/jobs/queue'

const changed = z.object({ systemId: z.string(), system: z.string() })

/**
 * Keeps a system, or all of them, from using what the actor allows, from the next request on. A stop stays a stop: pausing
 * does not weaken it.
 */
export function stopForMe(
  actor: ResearcherActor,
  kind: 'paused' | 'stopped',
  systemId: string | 'all',
  requestId: string,
): Promise<void> {
  const which = systemId === 'all' ? Prisma.sql`true` : Prisma.sql`id = ${systemId}::uuid`
  return inTransaction(async (tx) => {
    // At once: until the ledger has it, a restore would undo it.
    await enqueueJob(tx, 'ledger', { key: 'ledger' })
    const stopped = await queryRows(
      tx,
      changed,
      Prisma.sql`
        with stopped as (
          insert into system_stop as kept (system_id, researcher_id, kind)
          select id, ${actor.researcherId}::uuid, ${kind}::system_stop_kind from system where ${which} order by id
          on conflict (researcher_id, system_id) do update set kind = excluded.kind, at = now()
          where kept.kind = 'paused' and excluded.kind = 'stopped'
          returning system_id)
        select id::text as "systemId", name as system from system where id in (select system_id from stopped) order by name`,
    )
    const action = kind === 'paused' ? 'use.paused' : 'use.stopped'
    const { researcherId } = actor
    await recordEvents(
      tx,
      actor,
      stopped.map(({ systemId, system }) => ({ action, researcherId, requestId, detail: { systemId, system } })),
    )
  })
}

/** Lets a system use again what the actor allows. What they were not told of still waits its two weeks. */
export function allowAgain(actor: ResearcherActor, systemId: string, requestId: string): Promise<void> {
  const { researcherId } = actor
  return inTransaction(async (tx) => {
    await enqueueJob(tx, 'ledger', { key: 'ledger' })
    const allowed = await queryRows(
      tx,
      changed,
      Prisma.sql`
        with allowed as (
          delete from system_stop where researcher_id = ${researcherId}::uuid and system_id = ${systemId}::uuid
          returning system_id)
        select id::text as "systemId", name as system from system where id in (select system_id from allowed)`,
    )
    for (const { systemId, system } of allowed) {
      await recordEvent(tx, actor, { action: 'use.allowed', researcherId, requestId, detail: { systemId, system } })
    }
  })
}

export type LedgerStop = { researcherId: string; systemId: string; kind: 'paused' | 'stopped' | 'lifted'; at: Date }

/** What somebody said last of a system, again after a restore. Returns false if that was known. */
export function stopAgain({ researcherId, systemId, kind, at }: LedgerStop): Promise<boolean> {
  return inTransaction(async (tx) => {
    const [again] = await queryRows(
      tx,
      changed,
      kind === 'lifted'
        ? Prisma.sql`
            with allowed as (
              delete from system_stop where researcher_id = ${researcherId}::uuid and system_id = ${systemId}::uuid
                and at < ${at} returning system_id)
            select id::text as "systemId", name as system from system where id in (select system_id from allowed)`
        : Prisma.sql`
            with stopped as (
              insert into system_stop as kept (system_id, researcher_id, kind, at)
              select s.id, r.id, ${kind}::system_stop_kind, ${at} from system s, researcher r
              where s.id = ${systemId}::uuid and r.id = ${researcherId}::uuid
              on conflict (researcher_id, system_id) do update set kind = excluded.kind, at = excluded.at
              where kept.at < excluded.at
              returning system_id)
            select id::text as "systemId", name as system from system where id in (select system_id from stopped)`,
    )
    if (!again) return false
    const action = kind === 'lifted' ? 'use.allowed' : kind === 'paused' ? 'use.paused' : 'use.stopped'
    await recordEvent(tx, system, {
      action,
      researcherId,
      detail: { systemId: again.systemId, system: again.system, because: 'restored' },
    })
    return true
  })
}
