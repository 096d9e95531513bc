import 'server-only'
import { isDeepStrictEqual } from 'node:util'
import { databaseIdentity } from '@/lib/database/connection'
import { pool, queuePool } from '@/lib/db'
import { AppError } from '@/lib/errors'
import { compareMigrations, listExcessPowers, listUnknownJobs } from '@/lib/installation/schema'
import { log } from '@/lib/log'
import { jobs } from '@/lib/process/jobs'

/** @throws AppError `conflict` on a schema that is older than this version, or none */
export async function checkSchema(): Promise<void> {
  const schema = await compareMigrations(pool())
  if (!schema) throw new AppError('conflict', 'the database has no schema yet: run `npm run migrate`')
  if (schema.missing.length > 0) {
    const names = schema.missing.join(', ')
    throw new AppError('conflict', `the database lacks the migrations ${names}: run \`npm run migrate\``)
  }
}

/** @throws AppError `conflict` where jobs would be waited for in another database than they are put into */
export async function checkQueue(): Promise<void> {
  const identity = `${databaseIdentity}, current_user`
  const [queue, portal] = await Promise.all(
    [queuePool(), pool()].map(async (one) => (await one.query(identity)).rows[0]),
  )
  if (isDeepStrictEqual(queue, portal)) return
  const sentence = 'WORKER_DATABASE_URL leads to another database than DATABASE_URL, or as another role'
  throw new AppError('conflict', `${sentence}: correct one of them`)
}

/** Logs what is no reason not to start. */
export async function warnAboutDatabase(): Promise<void> {
  const schema = await compareMigrations(pool())
  if (schema && schema.newer.length > 0) {
    const warning = 'the database was migrated by a newer version of Concord: this one goes on until it is replaced'
    log().warn({ migrations: schema.newer }, warning)
  }
  const powers = await listExcessPowers(pool())
  if (powers.length > 0) {
    const warning = 'the role of DATABASE_URL may do more than a portal needs: make one of its own (docs/database.md)'
    log().warn({ powers }, warning)
  }
  const unknown = await listUnknownJobs(pool(), Object.keys(jobs.handlers))
  if (unknown.length > 0) {
    log().warn({ jobs: unknown }, 'jobs of another version wait for a worker of that version')
  }
}
