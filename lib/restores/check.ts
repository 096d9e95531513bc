import 'server-only'
import { z } from 'zod'
import { declineAgain } from '@/lib/campaigns/do-not-ask'
import { env } from '@/lib/config/env'
import { db } from '@/lib/db'
import { AppError } from '@/lib/errors'
import { endStates } from '@/lib/grants/grant'
import { endGrantAgain, hasTokens, type LedgerEnd } from '@/lib/grants/repeated-ending'
import { type LedgerLine, readLedger } from '@/lib/installation/ledger-file'
import { compareWithLedger } from '@/lib/installation/restore-detection'
import { forEachRow } from '@/lib/jobs/rows'
import { log } from '@/lib/log'
import { findUnlisted, suppressAgain } from '@/lib/mail/repeated-suppression'
import { objectAgain } from '@/lib/people/objections'
import { eraseAgain } from '@/lib/retention/erasing'
import { stopAgain } from '@/lib/systems/stopping'

const batchSize = 1_000

// A later version may write other end states: the grant has ended all the same.
const lastState = z.enum(['live', ...endStates]).catch('withdrawn_at_orcid')

/**
 * Repeats the whole ledger on a restored database before its release: erasures, ended grants, who wants no mail, who
 * stopped a system, and who may not be on the roster.
 * Counts the lost grants, given after the backup. Idempotent, also after a crash.
 */
export async function checkRestore(): Promise<void> {
  const open = await db().restore.findFirst({
    where: { releasedAt: null, checkedAt: null, heldAt: { not: null } },
    orderBy: { foundAt: 'desc' },
    select: { id: true, missingFrom: true },
  })
  if (!open) return
  const file = env().ledgerFile
  // Throws for the ledger of another installation.
  await compareWithLedger()
  const { lines, unreadable } = file ? readLedger(file) : { lines: [], unreadable: 0 }
  const ends = toEnds(lines)
  // First, so that grants of erased people do not count as ended.
  const erased = await repeatErasures(open.id, lines)
  const ended = await repeatEnds(open.id, ends)
  const wishes = await repeatWishes(lines)
  const suppressed = await repeatSuppressions(lines)
  const stops = await repeatStops(lines)
  const objected = await repeatObjections(lines)
  const failed = [erased, ended, wishes, suppressed, stops, objected].reduce((sum, counts) => sum + counts.failed, 0)
  // The database stays on hold, and the next round retries.
  if (failed > 0) throw new AppError('conflict', `${failed} ledger entries failed to repeat`)
  const { since, forgotten } = await splitLines(lines)
  const lost = await countLost(
    forgotten.flatMap(({ granted }) => granted.map(([id]) => id)),
    ends,
  )
  await db().restore.updateMany({
    where: { id: open.id, checkedAt: null },
    data: {
      lost,
      unreadable,
      checkedAt: new Date(),
      ledgerMark: lines.at(-1)?.mark ?? null,
      missingFrom: since ?? open.missingFrom,
    },
  })
  const mail = wishes.repeated + suppressed.repeated
  const counts = { erased: erased.repeated, ended: ended.repeated, mail, stops: stops.repeated }
  log().info({ ...counts, objections: objected.repeated, lost, unreadable }, 'the restored database was checked')
}

/** The last end of each grant; a revived grant has none. */
function toEnds(lines: LedgerLine[]): LedgerEnd[] {
  const last = new Map(lines.flatMap(({ ended }) => ended).map(([grantId, ...end]) => [grantId, end]))
  return [...last].flatMap(([grantId, [at, text]]) => {
    const state = lastState.parse(text)
    return state === 'live' ? [] : [{ grantId, at: new Date(at), state }]
  })
}

/** The lines that this database lacks, and the time of the last one that it has. */
async function splitLines(lines: LedgerLine[]): Promise<{ since: Date | null; forgotten: LedgerLine[] }> {
  const { ledgerMark, ledgerNextMark } = await db().installation.findUniqueOrThrow({ where: { id: 1 } })
  const known = lines.findLastIndex(({ mark }) => mark === ledgerMark || mark === ledgerNextMark)
  const at = lines[known]?.at
  return { since: at ? new Date(at) : null, forgotten: lines.slice(known + 1) }
}

type RepeatCounts = { repeated: number; failed: number }

async function repeatEnds(restoreId: string, ends: LedgerEnd[]): Promise<RepeatCounts> {
  let repeated = 0
  let failed = 0
  for (let from = 0; from < ends.length; from += batchSize) {
    const batch = ends.slice(from, from + batchSize)
    const where = { id: { in: batch.map(({ grantId }) => grantId) }, ...hasTokens } as const
    const open = new Set((await db().grant.findMany({ where, select: { id: true } })).map(({ id }) => id))
    const endsById = new Map(batch.filter(({ grantId }) => open.has(grantId)).map((end) => [end.grantId, end]))
    failed += await forEachRow('ending a grant again', [...endsById.keys()], async (id) => {
      const end = endsById.get(id)
      if (!end || !(await endGrantAgain(end))) return
      repeated++
      await db().restore.update({ where: { id: restoreId }, data: { ended: { increment: 1 } } })
    })
  }
  return { repeated, failed }
}

async function repeatErasures(restoreId: string, lines: LedgerLine[]): Promise<RepeatCounts> {
  let repeated = 0
  let failed = 0
  for (const { erased } of lines) {
    const where = { id: { in: erased.map(([id]) => id) } }
    const here =
      erased.length > 0
        ? [
            ...(await db().researcher.findMany({ where, select: { id: true } })),
            ...(await db().person.findMany({ where, select: { id: true } })),
          ]
        : []
    const erasedAt = new Map(erased)
    failed += await forEachRow(
      'erasing somebody again',
      here.map(({ id }) => id),
      async (id) => {
        if (!(await eraseAgain(id, new Date(erasedAt.get(id) ?? 0)))) return
        repeated++
        await db().restore.update({ where: { id: restoreId }, data: { erased: { increment: 1 } } })
      },
    )
  }
  return { repeated, failed }
}

// A later version may know other reasons.
const wish = z.enum(['refused', 'asked', 'lifted']).catch('asked')

/** Who is not to be asked, by the last that they said. */
async function repeatWishes(lines: LedgerLine[]): Promise<RepeatCounts> {
  const last = new Map(lines.flatMap(({ declined }) => declined).map(([id, ...said]) => [id, said]))
  let repeated = 0
  const failed = await forEachRow('ending asking again', [...last.keys()], async (personId) => {
    const [at = 0, reason] = last.get(personId) ?? []
    if (await declineAgain({ personId, reason: wish.parse(reason), at: new Date(at) })) repeated++
  })
  return { repeated, failed }
}

const stop = z.enum(['paused', 'stopped', 'lifted']).catch('stopped')

/** Which systems may not use what somebody allows, by the last that they said of each. */
async function repeatStops(lines: LedgerLine[]): Promise<RepeatCounts> {
  const last = new Map(lines.flatMap(({ stopped }) => stopped).map((entry) => [`${entry[0]} ${entry[3]}`, entry]))
  let repeated = 0
  const failed = await forEachRow('stopping a system again', [...last.keys()], async (key) => {
    const [researcherId = '', at = 0, kind, systemId = ''] = last.get(key) ?? []
    if (await stopAgain({ researcherId, systemId, kind: stop.parse(kind), at: new Date(at) })) repeated++
  })
  return { repeated, failed }
}

const objection = z
  .enum(['own_request', 'objected', 'asked', 'obligation', 'mistake', 'repeated', 'lifted'])
  .catch('repeated')

/** Who may not be on the roster, by the last that the ledger says of their number or address. */
async function repeatObjections(lines: LedgerLine[]): Promise<RepeatCounts> {
  const last = new Map(lines.flatMap(({ objected }) => objected).map(([hash, ...said]) => [hash, said]))
  let repeated = 0
  const failed = await forEachRow('striking off again', [...last.keys()], async (hash) => {
    const [at = 0, reason] = last.get(hash) ?? []
    if (await objectAgain({ hash, reason: objection.parse(reason), at: new Date(at) })) repeated++
  })
  return { repeated, failed }
}

const suppression = z.enum(['unsubscribed', 'bounced', 'complained', 'staff', 'lifted']).catch('staff')

/** Addresses that get no mail, by what the ledger says of each last. */
async function repeatSuppressions(lines: LedgerLine[]): Promise<RepeatCounts> {
  const last = new Map(lines.flatMap(({ suppressed }) => suppressed).map((entry) => [entry[0], entry]))
  const entries = [...last.values()].map(([hash, at, reason, personId]) => ({
    hash,
    at: new Date(at),
    reason: suppression.parse(reason),
    personId,
  }))
  let repeated = 0
  let failed = 0
  for (let from = 0; from < entries.length; from += batchSize) {
    const changed = new Map(
      (await findUnlisted(entries.slice(from, from + batchSize))).map((entry) => [entry.hash, entry]),
    )
    failed += await forEachRow('suppressing an address again', [...changed.keys()], async (hash) => {
      const entry = changed.get(hash)
      if (entry && (await suppressAgain(entry))) repeated++
    })
  }
  return { repeated, failed }
}

/** The number of grants that are live at ORCID but lost here with their tokens. */
async function countLost(given: string[], ends: LedgerEnd[]): Promise<number> {
  const endedIds = new Set(ends.map(({ grantId }) => grantId))
  const open = [...new Set(given)].filter((id) => !endedIds.has(id))
  let here = 0
  for (let from = 0; from < open.length; from += batchSize) {
    here += await db().grant.count({ where: { id: { in: open.slice(from, from + batchSize) } } })
  }
  return open.length - here
}
