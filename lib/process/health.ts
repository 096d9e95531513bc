import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { env } from '@/lib/config/env'
import { db, Prisma, pool, queryRows } from '@/lib/db'
import { keyRing } from '@/lib/installation/commands'
import { findReadinessFault, getWorkerState } from '@/lib/installation/queries'
import { listSealedKeys } from '@/lib/installation/replicas'
import { compareMigrations } from '@/lib/installation/schema'
import { listFailedJobs, listWaitingJobs } from '@/lib/jobs/queries'
import { getMailFigures } from '@/lib/mail/queries'
import { version } from '@/package.json'

/** `npm run backup` runs each night, and one may fail. */
const backupLateMs = 48 * 3_600_000

const facts = z.object({
  server: z.string(),
  failures: z.number(),
  pausedUntil: z.date().nullable(),
  failingMails: z.number(),
  backedUpAt: z.date().nullable(),
  portals: z.number(),
  workers: z.number(),
})

export type Health = Awaited<ReturnType<typeof getHealth>>

/** How each part of the installation is. Nobody is in it by name. */
export async function getHealth(actor: StaffActor, now = new Date()) {
  const [known, worker, failed, waiting, fault, mail, sealed, schema] = await Promise.all([
    readFacts(),
    getWorkerState(now),
    listFailedJobs(),
    listWaitingJobs(),
    findReadinessFault(),
    env().mail ? getMailFigures(actor) : null,
    listSealedKeys(),
    compareMigrations(pool()),
  ])
  const [current = ''] = keyRing().keyIds
  const lost = sealed.filter(({ rows, isHeld }) => rows > 0 && !isHeld)
  const older = sealed.filter(({ keyId, isHeld }) => keyId !== current && isHeld)
  const { backedUpAt, portals, workers, server } = known
  return {
    worker,
    queue: { failed: failed.count, due: waiting.reduce((sum, { due }) => sum + due, 0) },
    orcid: { registry: env().orcid.registry, failures: known.failures, pausedUntil: known.pausedUntil },
    database: { version: server, reason: fault?.reason ?? null },
    mail: mail && { ...mail, failing: known.failingMails },
    keys: { current, older: countRows(older), lost: countRows(lost), lostIds: lost.map(({ keyId }) => keyId) },
    backup: { at: backedUpAt, isLate: backedUpAt !== null && now.getTime() - backedUpAt.getTime() > backupLateMs },
    version: { version, node: process.versions.node, portals, workers },
    isSchemaNewer: (schema?.newer.length ?? 0) > 0,
  }
}

const countRows = (keys: readonly { rows: number }[]) => keys.reduce((sum, { rows }) => sum + rows, 0)

async function readFacts(): Promise<z.infer<typeof facts>> {
  const [row] = await queryRows(
    db(),
    facts,
    Prisma.sql`
    select split_part(current_setting('server_version'), ' ', 1) as server,
      coalesce((select failures from orcid_rate_limit where id = 1), 0) as failures,
      (select circuit_open_until from orcid_rate_limit where id = 1 and circuit_open_until > now()) as "pausedUntil",
      (select count(*)::int from mail where state = 'waiting' and tries > 0) as "failingMails",
      (select backed_up_at from installation where id = 1) as "backedUpAt",
      count(*) filter (where kind = 'portal')::int as portals, count(*) filter (where kind = 'worker')::int as workers
    from replica where seen_at > now() - interval '1 minute'`,
  )
  if (!row) throw new Error('The health query has no row')
  return row
}
