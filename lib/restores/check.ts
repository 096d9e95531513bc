import 'server-only'
import { z } from 'zod'
import { env } from '@/lib/config/env'
import { db } from '@/lib/db'
import { AppError } from '@/lib/errors'
import { endGrantAgain, hasTokens, type PastEnd } from '@/lib/grants/again'
import { endStates } from '@/lib/grants/grant'
import { type LedgerLine, readLedger } from '@/lib/installation/ledger-file'
import { compareWithLedger } from '@/lib/installation/restore-detection'
import { forEachRow } from '@/lib/jobs/rows'
import { log } from '@/lib/log'
import { eraseAgain } from '@/lib/retention/erasing'

const askedAtOnce = 1_000

// A later version may know more ways in which a grant ends. That it has ended counts.
const lastState = z.enum(['live', ...endStates]).catch('withdrawn_at_orcid')

/**
 * Goes through a restored database before anybody uses it: erases again who had been erased, ends again what had ended,
 * and counts what was given meanwhile and is lost. All of the ledger is repeated, not only what came after the backup.
 * Repeatable, and may be cut short anywhere.
 */
export async function checkRestore(): Promise<void> {
  const open = await db().restore.findFirst({
    where: { releasedAt: null, checkedAt: null, heldAt: { not: null } },
    orderBy: { foundAt: 'desc' },
    select: { id: true, missingFrom: true },
  })
  if (!open) return
  const file = env().ledgerFile
  // Refuses the ledger of another installation.
  await compareWithLedger()
  const { lines, unreadable } = file ? readLedger(file) : { lines: [], unreadable: 0 }
  const ends = toEnds(lines)
  // Whoever is erased takes their grants along: those are no ends of their own.
  const erased = await repeatErasures(open.id, lines)
  const ended = await repeatEnds(open.id, ends)
  const failed = erased.failed + ended.failed
  // The copy stays held, and the next round tries those again.
  if (failed > 0) throw new AppError('conflict', `${failed} rows of the ledger could not be repeated`)
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
  log().info({ erased: erased.repeated, ended: ended.repeated, lost, unreadable }, 'the restored database was checked')
}

/** How each grant ended last; one that was revived after that has not ended. */
function toEnds(lines: LedgerLine[]): PastEnd[] {
  const last = new Map(lines.flatMap(({ ended }) => ended).map(([grantId, ...end]) => [grantId, end]))
  return [...last].flatMap(([grantId, [at, text]]) => {
    const state = lastState.parse(text)
    return state === 'live' ? [] : [{ grantId, at: new Date(at), state }]
  })
}

/** The lines of which this database knows nothing, and when the last was written that it does know. */
async function splitLines(lines: LedgerLine[]): Promise<{ since: Date | null; forgotten: LedgerLine[] }> {
  const { ledgerMark, ledgerNextMark } = await db().installation.findUniqueOrThrow({ where: { id: 1 } })
  const known = lines.findLastIndex(({ mark }) => mark === ledgerMark || mark === ledgerNextMark)
  const at = lines[known]?.at
  return { since: at ? new Date(at) : null, forgotten: lines.slice(known + 1) }
}

type Repeated = { repeated: number; failed: number }

async function repeatEnds(restoreId: string, ends: PastEnd[]): Promise<Repeated> {
  let repeated = 0
  let failed = 0
  for (let from = 0; from < ends.length; from += askedAtOnce) {
    const asked = ends.slice(from, from + askedAtOnce)
    const where = { id: { in: asked.map(({ grantId }) => grantId) }, ...hasTokens } as const
    const open = new Set((await db().grant.findMany({ where, select: { id: true } })).map(({ id }) => id))
    const endsById = new Map(asked.filter(({ grantId }) => open.has(grantId)).map((end) => [end.grantId, end]))
    failed += await forEachRow('ending a grant again', [...endsById.keys()], async (id) => {
      const end = endsById.get(id)
      if (!end || !(await endGrantAgain(end))) return
      repeated++
      await db().restore.update({ where: { id: restoreId }, data: { ended: { increment: 1 } } })
    })
  }
  return { repeated, failed }
}

async function repeatErasures(restoreId: string, lines: LedgerLine[]): Promise<Repeated> {
  let repeated = 0
  let failed = 0
  for (const { erased } of lines) {
    const where = { id: { in: erased.map(([id]) => id) } }
    const here = erased.length > 0 ? await db().researcher.findMany({ where, select: { id: true } }) : []
    const times = new Map(erased)
    failed += await forEachRow(
      'erasing somebody again',
      here.map(({ id }) => id),
      async (id) => {
        if (!(await eraseAgain(id, new Date(times.get(id) ?? 0)))) return
        repeated++
        await db().restore.update({ where: { id: restoreId }, data: { erased: { increment: 1 } } })
      },
    )
  }
  return { repeated, failed }
}

/** How many of these grants are neither here nor over: they live at ORCID, and nobody here has their tokens. */
async function countLost(given: string[], ends: PastEnd[]): Promise<number> {
  const over = new Set(ends.map(({ grantId }) => grantId))
  const open = [...new Set(given)].filter((id) => !over.has(id))
  let here = 0
  for (let from = 0; from < open.length; from += askedAtOnce) {
    here += await db().grant.count({ where: { id: { in: open.slice(from, from + askedAtOnce) } } })
  }
  return open.length - here
}
