import 'server-only'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { db, Prisma, pool, queryRows } from '@/lib/db'
import { keyRing } from '@/lib/installation/commands'
import { institution } from '@/lib/institution'
import { log } from '@/lib/log'

const heartbeatMs = 15_000
/** Two heartbeats and a slow answer. */
const lateAfterMs = 40_000
const liveForS = 60

const isLive = Prisma.sql`seen_at > now() - make_interval(secs => ${liveForS}::double precision)`

declare module '@/lib/institution' {
  interface Institution {
    replica?: Replica
  }
}

type Kind = 'portal' | 'worker'
type Replica = { id: string; kind: Kind; timer: NodeJS.Timeout; seenAt: number; writing?: Promise<void> }

/**
 * Publishes this process's key ids, sealing key first, until `withdrawKeys`. Resolves once replicas can read them.
 * `before` runs before each heartbeat.
 */
export async function publishKeys(kind: Kind, before: () => Promise<unknown>): Promise<void> {
  if (institution().replica) return
  const id = randomUUID()
  await before()
  await heartbeat(id, kind)
  const timer = setInterval(async () => {
    try {
      await before()
      await writeHeartbeat()
    } catch {
      // Readiness names the fault, once.
    }
  }, heartbeatMs)
  timer.unref()
  institution().replica = { id, kind, timer, seenAt: Date.now() }
}

/** Writes a heartbeat that is late. @throws database errors */
export async function writeLateHeartbeat(): Promise<void> {
  const { replica } = institution()
  if (replica && Date.now() - replica.seenAt > lateAfterMs) await writeHeartbeat()
}

/** One at a time: a commit may wait for a standby, and each waiting one takes a connection. */
async function writeHeartbeat(): Promise<void> {
  const { replica } = institution()
  if (!replica) return
  replica.writing ??= heartbeat(replica.id, replica.kind).finally(() => {
    replica.writing = undefined
  })
  await replica.writing
  replica.seenAt = Date.now()
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

async function heartbeat(id: string, kind: Kind): Promise<void> {
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
