import 'server-only'
import { findPostgresError } from '@/lib/db'

/** What to do about the faults of PostgreSQL that people can mend. */
const mends: Record<string, string> = {
  '28P01': 'set the password right in DATABASE_URL',
  '28000': 'let this role in from this machine (pg_hba.conf), or set the user right in DATABASE_URL',
  '3D000': 'create the database, or set its name right in DATABASE_URL',
  '42P01': 'the schema is not complete: run `npm run migrate`',
  '42703': 'the schema is not that of this version: run `npm run migrate`',
  '42501': 'give the role its rights: run `npm run migrate` with MIGRATE_DATABASE_URL (docs/operations.md)',
  '53100': 'make room on the disk of PostgreSQL',
  '53300': 'raise max_connections, or run fewer portals and workers',
}

/** One sentence that says what is wrong and, where that is known, what to do. Drivers do not repeat the password. */
export function explainFault(error: unknown, variable = 'DATABASE_URL'): string {
  const errors = error instanceof AggregateError ? error.errors : [error]
  const texts = errors.map((one) => (one instanceof Error ? one.message.trim() : '') || 'unknown fault')
  const own = findPostgresError(error)
  const text = (own?.message ?? texts.join('; ')).replace(/\.$/, '')
  const mend = mends[own?.state ?? '']
  return mend ? `${text}: ${mend.replace(' in DATABASE_URL', ` in ${variable}`)}.` : `${text}.`
}
