import 'server-only'
import { z } from 'zod'
import { env } from '@/lib/config/env'
import { db, direct, inTransaction, isDatabaseUnavailable, Prisma, type Queryable, queryRows, type Tx } from '@/lib/db'
import { AppError } from '@/lib/errors'
import { type LedgerOwner, readLedgerEnd } from '@/lib/installation/ledger-file'
import { institution } from '@/lib/institution'

export type LedgerStatus =
  /** No ledger is configured. */
  | 'no_ledger'
  /** Neither has the other's mark yet. */
  | 'new'
  /** This database wrote the ledger's last line. */
  | 'in_step'
  /** The database is older: it lacks lines of the ledger. */
  | 'ahead'
  /** The ledger that this database wrote is gone. */
  | 'missing'

export type LedgerComparison = {
  status: LedgerStatus
  location: string | null
  lastLocation: string | null
  owner: LedgerOwner
}

/** Takes an advisory lock until the transaction ends, so that no process writes a line while another compares. */
export async function lockLedger(tx: Tx): Promise<void> {
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended('ledger', 0))`
}

/**
 * Returns null in a database that no portal has used. Without `lockLedger`, a line in progress looks like a difference.
 *
 * @throws AppError `conflict` for the ledger of another installation, `database_away` if LEDGER_FILE is unreadable
 */
export async function compareWithLedger(tx: Tx = db()): Promise<LedgerComparison | null> {
  return compare(await readInstallation(tx))
}

const installationRow = z.object({
  registry: z.string(),
  createdAt: z.date(),
  ledgerMark: z.string().nullable(),
  ledgerNextMark: z.string().nullable(),
  /** Server and database; null without permission. A copy of the server's disk has the same. */
  location: z.string().nullable(),
  lastLocation: z.string().nullable(),
  canReadLocation: z.boolean(),
  foundAt: z.date().nullable(),
  checkedAt: z.date().nullable(),
})
type InstallationRow = z.infer<typeof installationRow>

async function readInstallation(tx: Queryable): Promise<InstallationRow | null> {
  const { canReadLocation } = institution()
  const location = canReadLocation
    ? Prisma.sql`(select system_identifier || '/' || (select oid from pg_database where datname = current_database())
        from pg_control_system())`
    : Prisma.sql`null`
  const [row] = await queryRows(
    tx,
    installationRow,
    Prisma.sql`
    select registry::text, created_at as "createdAt", ledger_mark::text as "ledgerMark",
      ledger_next_mark::text as "ledgerNextMark", ${location}::text as location, installation.location as "lastLocation",
      has_function_privilege('pg_control_system()', 'execute') as "canReadLocation", open.found_at as "foundAt", open.checked_at as "checkedAt"
    from installation left join (
      select found_at, checked_at from restore where released_at is null order by found_at desc limit 1) as open on true
    where installation.id = 1`,
  )
  if (!row?.canReadLocation || canReadLocation) return row ?? null
  institution().canReadLocation = true
  return readInstallation(tx)
}

declare module '@/lib/institution' {
  interface Institution {
    /** Only true is cached: the permission may come later. */
    canReadLocation?: boolean
  }
}

function compare(row: InstallationRow | null): LedgerComparison | null {
  if (!row) return null
  // Every backup of an installation has its creation time.
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

/** `database_away` makes the portal wait, for example while a volume is gone. */
function readEnd(file: string): ReturnType<typeof readLedgerEnd> {
  try {
    return readLedgerEnd(file)
  } catch (cause) {
    throw new AppError('database_away', 'Failed to read LEDGER_FILE', { cause })
  }
}

export type Evidence = 'ledger_ahead' | 'ledger_missing' | 'moved'

/** Evidence that this database was restored from a backup, or null. */
export function findEvidence(comparison: LedgerComparison | null): Evidence | null {
  if (!comparison) return null
  const { status, location, lastLocation } = comparison
  if (status === 'ahead') return 'ledger_ahead'
  if (status === 'missing') return 'ledger_missing'
  // In step, nothing is missing, also after a move.
  return status !== 'in_step' && location && lastLocation && location !== lastLocation ? 'moved' : null
}

export type Hold = { foundAt: Date; checkedAt: Date | null }

/** During a hold, Concord sends nothing to ORCID and asks nobody for permission. New evidence holds at once. */
export async function findHold(): Promise<Hold | null> {
  const row = await readInstallationWithRetry()
  if (row?.foundAt) return { foundAt: row.foundAt, checkedAt: row.checkedAt }
  if (!findEvidence(compare(row))) return null
  return inTransaction(async (tx) => {
    await lockLedger(tx)
    return findEvidence(await compareWithLedger(tx)) ? { foundAt: new Date(), checkedAt: null } : null
  })
}

/** Retries outside a transaction if the role lost the permission: the error would abort one. */
async function readInstallationWithRetry(): Promise<InstallationRow | null> {
  try {
    return await readInstallation(direct)
  } catch (error) {
    if (!institution().canReadLocation || isDatabaseUnavailable(error)) throw error
    institution().canReadLocation = false
    return readInstallation(direct)
  }
}

const openRestore = z.object({ foundAt: z.date(), checkedAt: z.date().nullable() })

/** The restore that waits for its release. Does not look for new evidence. */
export async function findOpenRestore(): Promise<Hold | null> {
  const [open] = await queryRows(
    direct,
    openRestore,
    Prisma.sql`
      select found_at as "foundAt", checked_at as "checkedAt" from restore where released_at is null
      order by found_at desc limit 1`,
  )
  return open ?? null
}
