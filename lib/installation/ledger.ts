import 'server-only'
import { db, inTransaction, type Tx } from '@/lib/db'
import { env } from '@/lib/env'
import { AppError } from '@/lib/errors'
import { type Owner, readLedgerEnd } from '@/lib/ledger'

/** How the database and the ledger stand to one another. */
export type Standing =
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

export type Bearings = { standing: Standing; place: string | null; lastPlace: string | null; owner: Owner }

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
export async function takeBearings(tx: Tx = db()): Promise<Bearings | null> {
  const row = await tx.installation.findUnique({ where: { id: 1 } })
  if (!row) return null
  // The moment of its creation is the one thing about an installation that no backup of it lacks.
  const owner = { registry: row.registry, installedAt: row.createdAt.toISOString() }
  const bearings = { owner, place: await findPlace(tx), lastPlace: row.place }
  const file = env().ledgerFile
  if (!file) return { ...bearings, standing: 'no_ledger' }
  const end = readEnd(file)
  if (!end) return { ...bearings, standing: row.ledgerMark ? 'missing' : 'new' }
  if (end.owner.registry !== owner.registry || end.owner.installedAt !== owner.installedAt) {
    throw new AppError('conflict', 'LEDGER_FILE is the ledger of another installation')
  }
  const isOurs = end.last.mark === row.ledgerMark || end.last.mark === row.ledgerNextMark
  return { ...bearings, standing: isOurs ? 'in_step' : 'ahead' }
}

/** A ledger that cannot be read just now, such as one on a volume that is gone for a moment, is waited for. */
function readEnd(file: string): ReturnType<typeof readLedgerEnd> {
  try {
    return readLedgerEnd(file)
  } catch (cause) {
    throw new AppError('database_away', 'LEDGER_FILE cannot be read', { cause })
  }
}

/** Which server and database this is; null where the role may not ask. A copy of the server's disk says the same. */
async function findPlace(tx: Tx): Promise<string | null> {
  const [may] = await tx.$queryRaw<{ may: boolean }[]>`
    select has_function_privilege('pg_control_system()', 'execute') as may`
  if (!may?.may) return null
  const [row] = await tx.$queryRaw<{ place: string }[]>`
    select system_identifier || '/' || (select oid from pg_database where datname = current_database()) as place
    from pg_control_system()`
  return row?.place ?? null
}

export type Evidence = 'ledger_ahead' | 'ledger_missing' | 'moved'

/** What says that this database is a copy of an earlier state; null where nothing does. */
export function findEvidence(bearings: Bearings | null): Evidence | null {
  if (!bearings) return null
  const { standing, place, lastPlace } = bearings
  if (standing === 'ahead') return 'ledger_ahead'
  if (standing === 'missing') return 'ledger_missing'
  // In step, nothing is missing, wherever the database has been moved to.
  return standing !== 'in_step' && place && lastPlace && place !== lastPlace ? 'moved' : null
}

export type Hold = { foundAt: Date; checkedAt: Date | null }

/**
 * Why nothing may go out and nobody may be asked for anything; null where all is well. With evidence that nobody has
 * acted on yet it holds already.
 */
export async function findHold(): Promise<Hold | null> {
  const open = await findOpenRestore()
  if (open) return open
  if (!findEvidence(await takeBearings())) return null
  return inTransaction(async (tx) => {
    await lockLedger(tx)
    return findEvidence(await takeBearings(tx)) ? { foundAt: new Date(), checkedAt: null } : null
  })
}

/** The restore that waits to be released, without looking whether there should be one. */
export function findOpenRestore(): Promise<Hold | null> {
  return db().restore.findFirst({
    where: { releasedAt: null },
    orderBy: { foundAt: 'desc' },
    select: { foundAt: true, checkedAt: true },
  })
}
