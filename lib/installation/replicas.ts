import 'server-only'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { noteDatabaseAnswers, noteDatabaseAway } from '@/lib/database-watch'
import { db, isDatabaseUnavailable, Prisma, pool, queryRows } from '@/lib/db'
import { keyRing } from '@/lib/installation/commands'
import { institution } from '@/lib/institution'
import { log } from '@/lib/log'

const heartbeatMs = 15_000
const liveForS = 60

const isLive = Prisma.sql`seen_at > now() - make_interval(secs => ${liveForS}::double precision)`

declare module '@/lib/institution' {
  interface Institution {
    replica?: { id: string; timer: NodeJS.Timeout }
  }
}

/** Publishes this process's key ids, sealing key first, until `withdrawKeys`. Resolves once replicas can read them. */
export async function publishKeys(kind: 'portal' | 'worker'): Promise<void> {
  if (institution().replica) return
  const id = randomUUID()
  await heartbeat(id, kind)
  const timer = setInterval(() => {
    heartbeat(id, kind).then(
      () => noteDatabaseAnswers(),
      (error) => {
        if (isDatabaseUnavailable(error)) noteDatabaseAway(error)
        else log().warn({ err: error }, 'failed to publish the key ids')
      },
    )
  }, heartbeatMs)
  timer.unref()
  institution().replica = { id, timer }
}

/** Without this call, the process counts as ended after a minute. */
export async function withdrawKeys(): Promise<void> {
  const { replica } = institution()
  if (!replica) return
  const { id, timer } = replica
  institution().replica = undefined
  clearInterval(timer)
  // Without Prisma: its transaction takes longer than Next.js allows at shutdown.
  await pool()
    .query('delete from replica where id = $1', [id])
    .catch((error) => log().warn({ err: error }, 'failed to withdraw the key ids'))
}

async function heartbeat(id: string, kind: 'portal' | 'worker'): Promise<void> {
  await db().$executeRaw`
    with ended as (delete from replica where not (${isLive}) and id <> ${id}::uuid)
    insert into replica (id, kind, keys) values (${id}::uuid, ${kind}::replica_kind, ${keyRing().keyIds}::text[])
    on conflict (id) do update set seen_at = now()`
}

/**
 * Ids of the keys that another live replica has and this process lacks. A key without sealed rows counts only while a
 * replica seals with it: a rotation ends with its removal.
 */
export async function listMissingKeys(): Promise<string[]> {
  const rows = await queryRows(
    db(),
    z.object({ key: z.string() }),
    Prisma.sql`
    select distinct key from replica cross join unnest(keys) as key
    where ${isLive} and key <> all (${keyRing().keyIds}::text[])
      and (not exists (select from sealed_key where key_id = key and rows = 0)
        or exists (select from replica where ${isLive} and keys[1] = key))
    order by key`,
  )
  return rows.map(({ key }) => key)
}

const sealedKey = z.object({ keyId: z.string(), rows: z.number(), isHeld: z.boolean() })
export type SealedKey = z.infer<typeof sealedKey>

/** Rows per key at the last count, and whether this process or a live replica has the key. */
export function listSealedKeys(): Promise<SealedKey[]> {
  return queryRows(
    db(),
    sealedKey,
    Prisma.sql`
    select key_id as "keyId", rows, key_id = any (${keyRing().keyIds}::text[])
        or exists (select from replica where ${isLive} and key_id = any (keys)) as "isHeld"
    from sealed_key order by key_id`,
  )
}
