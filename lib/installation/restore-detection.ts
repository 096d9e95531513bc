import 'server-only'
import { z } from 'zod'
import { env } from '@/lib/config/env'
import { db, inTransaction, isDatabaseAway, Prisma, queryRows, type Tx } from '@/lib/db'
import { AppError } from '@/lib/errors'
import { type LedgerOwner, readLedgerEnd } from '@/lib/installation/ledger-file'
import { institution } from '@/lib/institution'

/** How the database and the ledger stand to one another. */
export type LedgerStatus =
  /** No ledger is configured. */
  | 'no_ledger'
  /** Neither has heard of the other yet. */
  | 'new'
  /** The ledger's last line is the last that this database has written. */
  | 'in_step'
  /** The ledger has lines that this database knows nothing of: it is older. */
  | 'ahead'
  /** This database has written to a ledger that is not there. */
  | 'missing'

export type LedgerComparison = {
  status: LedgerStatus
  location: string | null
  lastLocation: string | null
  owner: LedgerOwner
}

/**
 * Holds whoever else reads or writes the ledger for this database until the transaction ends. Line and database are
 * then what they seem: a line is never written while another process compares.
 */
export async function lockLedger(tx: Tx): Promise<void> {
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended('ledger', 0))`
}

/**
 * Compares the database with the ledger; null in a database that no portal has used. Outside of `lockLedger` a line that
 * is being written makes them look apart.
 *
 * @throws AppError `conflict` where LEDGER_FILE is the ledger of another installation, `database_away` where it cannot be
 * read
 */
export async function compareWithLedger(tx: Tx = db()): Promise<LedgerComparison | null> {
  return compare(await readMarks(tx))
}

const marksRow = z.object({
  registry: z.string(),
  createdAt: z.date(),
  ledgerMark: z.string().nullable(),
  ledgerNextMark: z.string().nullable(),
  /** Which server and database this is; null where the role may not ask. A copy of the server's disk says the same. */
  location: z.string().nullable(),
  lastLocation: z.string().nullable(),
  foundAt: z.date().nullable(),
  checkedAt: z.date().nullable(),
})
type Marks = z.infer<typeof marksRow>

/** What the database knows of itself, and of the restore that waits to be released. */
async function readMarks(tx: Tx): Promise<Marks | null> {
  institution().canReadLocation ||= await canReadControlData(tx)
  const location = institution().canReadLocation
    ? Prisma.sql`(select system_identifier || '/' || (select oid from pg_database where datname = current_database())
        from pg_control_system())`
    : Prisma.sql`null`
  const [row] = await queryRows(
    tx,
    marksRow,
    Prisma.sql`
    select registry::text, created_at as "createdAt", ledger_mark::text as "ledgerMark",
      ledger_next_mark::text as "ledgerNextMark", ${location}::text as location, installation.location as "lastLocation",
      open.found_at as "foundAt", open.checked_at as "checkedAt"
    from installation left join (
      select found_at, checked_at from restore where released_at is null order by found_at desc limit 1) as open on true
    where installation.id = 1`,
  )
  return row ?? null
}

declare module '@/lib/institution' {
  interface Institution {
    /** That the role may ask where the database is: remembered, and not that it may not. */
    canReadLocation?: boolean
  }
}

async function canReadControlData(tx: Tx): Promise<boolean> {
  const sql = Prisma.sql`select has_function_privilege('pg_control_system()', 'execute') as may`
  const [row] = await queryRows(tx, z.object({ may: z.boolean() }), sql)
  return row?.may ?? false
}

function compare(row: Marks | null): LedgerComparison | null {
  if (!row) return null
  // The moment of its creation is the one thing about an installation that no backup of it lacks.
  const owner = { registry: row.registry, installedAt: row.createdAt.toISOString() }
  const comparison = { owner, location: row.location, lastLocation: row.lastLocation }
  const file = env().ledgerFile
  if (!file) return { ...comparison, status: 'no_ledger' }
  const end = readEnd(file)
  if (!end) return { ...comparison, status: row.ledgerMark ? 'missing' : 'new' }
  if (end.owner.registry !== owner.registry || end.owner.installedAt !== owner.installedAt) {
    throw new AppError('conflict', 'LEDGER_FILE is the ledger of another installation')
  }
  const isOurs = end.last.mark === row.ledgerMark || end.last.mark === row.ledgerNextMark
  return { ...comparison, status: isOurs ? 'in_step' : 'ahead' }
}

/** A ledger that cannot be read just now, such as one on a volume that is gone for a moment, is waited for. */
function readEnd(file: string): ReturnType<typeof readLedgerEnd> {
  try {
    return readLedgerEnd(file)
  } catch (cause) {
    throw new AppError('database_away', 'LEDGER_FILE cannot be read', { cause })
  }
}

export type Evidence = 'ledger_ahead' | 'ledger_missing' | 'moved'

/** What says that this database is a copy of an earlier state; null where nothing does. */
export function findEvidence(comparison: LedgerComparison | null): Evidence | null {
  if (!comparison) return null
  const { status, location, lastLocation } = comparison
  if (status === 'ahead') return 'ledger_ahead'
  if (status === 'missing') return 'ledger_missing'
  // In step, nothing is missing, wherever the database has been moved to.
  return status !== 'in_step' && location && lastLocation && location !== lastLocation ? 'moved' : null
}

export type Hold = { foundAt: Date; checkedAt: Date | null }

/**
 * Why nothing may go out and nobody may be asked for anything; null where all is well. With evidence that nobody has
 * acted on yet it holds already.
 */
export async function findHold(): Promise<Hold | null> {
  const row = await readMarksOutside()
  if (row?.foundAt) return { foundAt: row.foundAt, checkedAt: row.checkedAt }
  if (!findEvidence(compare(row))) return null
  return inTransaction(async (tx) => {
    await lockLedger(tx)
    return findEvidence(await compareWithLedger(tx)) ? { foundAt: new Date(), checkedAt: null } : null
  })
}

/** Once more where the role may not ask any longer. A transaction would not go on after that. */
async function readMarksOutside(): Promise<Marks | null> {
  try {
    return await readMarks(db())
  } catch (error) {
    if (!institution().canReadLocation || isDatabaseAway(error)) throw error
    institution().canReadLocation = false
    return readMarks(db())
  }
}

/** The restore that waits to be released, without looking whether there should be one. */
export function findOpenRestore(): Promise<Hold | null> {
  return db().restore.findFirst({
    where: { releasedAt: null },
    orderBy: { foundAt: 'desc' },
    select: { foundAt: true, checkedAt: true },
  })
}
