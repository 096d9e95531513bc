import 'server-only'
import { subscribe } from 'node:diagnostics_channel'
import { db } from '@/lib/db'
import { institution } from '@/lib/institution'
import { log } from '@/lib/log'
import type { ForeignAnswer } from '@/lib/orcid/answer'

/** After this many hours without a foreign answer, its notice disappears and its count restarts. */
const relevantForH = 24
const writeAfterMs = 1_000

export type ForeignAnswers = ForeignAnswer & { count: number; firstSeenAt: Date; lastSeenAt: Date }

type Pending = Map<string, { answer: ForeignAnswer; count: number }>

declare module '@/lib/institution' {
  interface Institution {
    foreignAnswers?: Pending
  }
}

/** Writes the foreign answers of each second together, outside the requests. May be called repeatedly. */
export function recordForeignAnswers(): void {
  if (institution().foreignAnswers) return
  const pending: Pending = new Map()
  institution().foreignAnswers = pending
  subscribe('concord:foreign', (message) => {
    const answer = message as ForeignAnswer
    if (pending.size === 0) setTimeout(() => void writeAll(pending), writeAfterMs).unref()
    pending.set(answer.endpoint, { answer, count: (pending.get(answer.endpoint)?.count ?? 0) + 1 })
  })
}

async function writeAll(pending: Pending): Promise<void> {
  const all = [...pending.values()]
  pending.clear()
  for (const { answer, count } of all) {
    log().warn({ ...answer, count }, "something else answered in ORCID's name")
    await write(answer, count).catch((error) => log().warn({ err: error }, 'failed to record a foreign answer'))
  }
}

async function write({ endpoint, status, contentType, server, title }: ForeignAnswer, count: number): Promise<void> {
  await db().$executeRaw`
    insert into foreign_answer as known
      (endpoint, count, first_seen_at, last_seen_at, status, content_type, server, title)
    values (${endpoint}, ${count}, now(), now(), ${status}, ${contentType}, ${server}, ${title})
    on conflict (endpoint) do update set
      count = case when known.last_seen_at < now() - make_interval(hours => ${relevantForH}::int) then 0
        else known.count end + excluded.count,
      first_seen_at = case when known.last_seen_at < now() - make_interval(hours => ${relevantForH}::int) then now()
        else known.first_seen_at end,
      last_seen_at = now(), status = excluded.status, content_type = excluded.content_type,
      server = excluded.server, title = excluded.title`
}

/** Lists the foreign answers of the last 24 hours, latest first. */
export async function listForeignAnswers(now = new Date()): Promise<ForeignAnswers[]> {
  const rows = await db().foreignAnswer.findMany({
    where: { lastSeenAt: { gte: new Date(now.getTime() - relevantForH * 3_600_000) } },
    orderBy: { lastSeenAt: 'desc' },
  })
  return rows.map((row) => ({ ...row, endpoint: row.endpoint as ForeignAnswer['endpoint'] }))
}
