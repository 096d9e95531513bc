import 'server-only'
import { randomUUID } from 'node:crypto'
import { env } from '@/lib/config/env'
import { db, inTransaction, type Tx } from '@/lib/db'
import { appendLine, entriesPerLine, readLedgerEnd } from '@/lib/installation/ledger-file'
import { compareWithLedger, findOpenRestore, lockLedger } from '@/lib/installation/restore-detection'

/** Heartbeat: without changes, a line still follows after this. */
const heartbeatMs = 10 * 60_000

/**
 * Writes committed changes to the ledger. The database saves each mark before and after the write: a crash loses
 * nothing and does not look like a restore; an entry may repeat. Writes nothing during a hold: another database may own
 * the ledger.
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

/** Without LEDGER_FILE, keeps the entries only if there was a ledger before. */
async function discardEntries(): Promise<void> {
  const ledgers = await db().installation.count({ where: { ledgerMark: { not: null } } })
  if (ledgers === 0) await db().ledgerEntry.deleteMany()
}

async function announceLine(tx: Tx, file: string): Promise<string | null> {
  await lockLedger(tx)
  const comparison = await compareWithLedger(tx)
  if (!comparison || !['new', 'in_step'].includes(comparison.status)) return null
  if (comparison.status === 'new') await writeInitialEntries(tx)
  else if ((await tx.ledgerEntry.count()) === 0) {
    const lastAt = readLedgerEnd(file)?.last.at ?? 0
    if (Date.now() - new Date(lastAt).getTime() < heartbeatMs) return null
  }
  // Never reuse a mark: a backup that has it would take the line for its own.
  const mark = randomUUID()
  const ledgerMark = readLedgerEnd(file)?.last.mark ?? null
  await tx.installation.update({ where: { id: 1 }, data: { ledgerMark, ledgerNextMark: mark } })
  return mark
}

/** A new ledger starts with all past ends, because a backup may be older than the ledger. */
async function writeInitialEntries(tx: Tx): Promise<void> {
  await tx.ledgerEntry.deleteMany({ where: { kind: { not: 'granted' } } })
  await tx.$executeRaw`
    insert into ledger_entry (kind, subject, at) select 'erased', researcher_id, erased_at from erasure`
  await tx.$executeRaw`
    insert into ledger_entry (kind, subject, state, at)
    select 'ended', id, state, coalesce(ended_at, now()) from "grant" where state <> 'live'`
  await tx.$executeRaw`
    insert into ledger_entry (kind, subject, state, at) select 'declined', person_id, reason, at from do_not_ask`
  await tx.$executeRaw`
    insert into ledger_entry (kind, subject, state, person_id, at)
    select 'suppressed', address_hash, reason, person_id, at from mail_suppression`
  await tx.$executeRaw`
    insert into ledger_entry (kind, subject, state, system_id, at)
    select 'stopped', researcher_id, kind, system_id, at from system_stop`
  await tx.$executeRaw`
    insert into ledger_entry (kind, subject, state, at) select 'objected', hash, reason, at from objection`
}

async function writeNextLine(tx: Tx, file: string, mark: string): Promise<boolean> {
  await lockLedger(tx)
  const comparison = await compareWithLedger(tx)
  const { ledgerNextMark } = await tx.installation.findUniqueOrThrow({ where: { id: 1 } })
  // Another process has written it.
  if (!comparison || ledgerNextMark !== mark) return true
  const entries = await tx.ledgerEntry.findMany({ orderBy: { id: 'asc' }, take: entriesPerLine })
  const of = (wanted: (typeof entries)[number]['kind']) => entries.filter(({ kind }) => kind === wanted)
  type Entry = { subject: string; at: Date; state: string | null }
  const pair = ({ subject, at }: Entry): [string, string] => [subject, at.toISOString()]
  const triple = (entry: Entry): [string, string, string] => [...pair(entry), entry.state ?? 'withdrawn_here']
  appendLine(file, comparison.owner, {
    mark,
    at: new Date().toISOString(),
    erased: of('erased').map(pair),
    ended: of('ended').map(triple),
    granted: of('granted').map(pair),
    declined: of('declined').map(triple),
    suppressed: of('suppressed').map((entry) => [...triple(entry), entry.personId]),
    stopped: of('stopped').flatMap((entry) => (entry.systemId ? [[...triple(entry), entry.systemId]] : [])),
    objected: of('objected').map(triple),
  })
  await tx.ledgerEntry.deleteMany({ where: { id: { in: entries.map(({ id }) => id) } } })
  await tx.installation.update({ where: { id: 1 }, data: { ledgerMark: mark, ledgerNextMark: null } })
  return entries.length === entriesPerLine
}
