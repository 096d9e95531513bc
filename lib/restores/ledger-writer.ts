import 'server-only'
import { randomUUID } from 'node:crypto'
import { env } from '@/lib/config/env'
import { db, inTransaction, type Tx } from '@/lib/db'
import { appendLine, entriesPerLine, readLedgerEnd } from '@/lib/installation/ledger-file'
import { compareWithLedger, findOpenRestore, lockLedger } from '@/lib/installation/restore-detection'

/** Without anything to tell, a line says each ten minutes that the database is still this one. */
const quietForMs = 10 * 60_000

/**
 * Tells the ledger what the database has committed since it was told last. Each line is announced in the database
 * before it is written and noted after it was, so that a crash anywhere loses nothing and looks like no restore; at
 * worst something is told twice. A database that is held as restored tells nothing: the ledger may be another's.
 */
export async function updateLedger(): Promise<void> {
  const file = env().ledgerFile
  if (!file) return discardEntries()
  if (await findOpenRestore()) return
  for (;;) {
    const mark = await inTransaction((tx) => announceLine(tx, file))
    if (!mark || !(await inTransaction((tx) => writeNextLine(tx, file, mark)))) return
  }
}

/** Nobody will ever ask for them, unless there was a ledger and there is to be one again. */
async function discardEntries(): Promise<void> {
  const told = await db().installation.count({ where: { ledgerMark: { not: null } } })
  if (told === 0) await db().ledgerEntry.deleteMany()
}

async function announceLine(tx: Tx, file: string): Promise<string | null> {
  await lockLedger(tx)
  const comparison = await compareWithLedger(tx)
  if (!comparison || !['new', 'in_step'].includes(comparison.status)) return null
  if (comparison.status === 'new') await writeInitialEntries(tx)
  else if ((await tx.ledgerEntry.count()) === 0) {
    const lastAt = readLedgerEnd(file)?.last.at ?? 0
    if (Date.now() - new Date(lastAt).getTime() < quietForMs) return null
  }
  // Never a mark that was announced before: a backup may have been made since, and would take the line for its own.
  const mark = randomUUID()
  const ledgerMark = readLedgerEnd(file)?.last.mark ?? null
  await tx.installation.update({ where: { id: 1 }, data: { ledgerMark, ledgerNextMark: mark } })
  return mark
}

/** A ledger that begins knows what is over already: the backup that it is asked about may be older than itself. */
async function writeInitialEntries(tx: Tx): Promise<void> {
  await tx.ledgerEntry.deleteMany({ where: { kind: { not: 'granted' } } })
  await tx.$executeRaw`
    insert into ledger_entry (kind, subject, at) select 'erased', researcher_id, erased_at from erasure`
  await tx.$executeRaw`
    insert into ledger_entry (kind, subject, state, at)
    select 'ended', id, state, coalesce(ended_at, now()) from "grant" where state <> 'live'`
}

async function writeNextLine(tx: Tx, file: string, mark: string): Promise<boolean> {
  await lockLedger(tx)
  const comparison = await compareWithLedger(tx)
  const { ledgerNextMark } = await tx.installation.findUniqueOrThrow({ where: { id: 1 } })
  // Another process was quicker.
  if (!comparison || ledgerNextMark !== mark) return true
  const entries = await tx.ledgerEntry.findMany({ orderBy: { id: 'asc' }, take: entriesPerLine })
  const of = (wanted: 'erased' | 'ended' | 'granted') => entries.filter(({ kind }) => kind === wanted)
  const pair = ({ subject, at }: { subject: string; at: Date }): [string, string] => [subject, at.toISOString()]
  appendLine(file, comparison.owner, {
    mark,
    at: new Date().toISOString(),
    erased: of('erased').map(pair),
    ended: of('ended').map((entry) => [...pair(entry), entry.state ?? 'withdrawn_here']),
    granted: of('granted').map(pair),
  })
  await tx.ledgerEntry.deleteMany({ where: { id: { in: entries.map(({ id }) => id) } } })
  await tx.installation.update({ where: { id: 1 }, data: { ledgerMark: mark, ledgerNextMark: null } })
  return entries.length === entriesPerLine
}
