import 'server-only'
import { z } from 'zod'
import { env } from '@/lib/config/env'
import { KeyRing } from '@/lib/crypto/sealed'
import { lookupHash } from '@/lib/crypto/secrets'
import { db, Prisma, queryRows, type Tx } from '@/lib/db'
import { AppError } from '@/lib/errors'
import { openLookupKey, sealInstallation } from '@/lib/installation/canary'
import { institution } from '@/lib/institution'

declare module '@/lib/institution' {
  interface Institution {
    /** Tokens are hashed with it for lookups. */
    lookupKey?: string
  }
}

/** Made anew each time: another bundle's key ring throws a `SealError` of another class. */
export function keyRing(): KeyRing {
  return new KeyRing(env().tokenKeys)
}

/**
 * Checks that registry and keys fit the database. Initializes an empty one with registry, canary and lookup key.
 *
 * @throws AppError `conflict` on another registry's database, `keys_wrong` if the canary does not open
 */
export async function prepareInstallation(): Promise<void> {
  const { registry } = env().orcid
  await refuseEmbeddedDatabase()
  const data = { registry, ...sealInstallation(keyRing(), registry) }
  await db().installation.createMany({ data, skipDuplicates: true })
  await proveSealing()
}

/** Opens the canary and a fresh seal, before anybody goes to ORCID: an unsealed token would be lost. */
export async function proveSealing(): Promise<void> {
  const row = await db().installation.findUnique({ where: { id: 1 } })
  if (!row) return prepareInstallation()
  if (row.registry !== env().orcid.registry) {
    throw new AppError(
      'conflict',
      `The database was made for the ${row.registry} registry, not for ${env().orcid.registry}: give this installation a database of its own`,
    )
  }
  try {
    openLookupKey(keyRing(), row.registry, sealInstallation(keyRing(), row.registry))
    institution().lookupKey = openLookupKey(keyRing(), row.registry, row)
  } catch (error) {
    throw new AppError(
      'keys_wrong',
      'TOKEN_KEYS do not open what this database holds: set those that it was used with (docs/keys.md)',
      { cause: error },
    )
  }
}

/** Replaces canary and lookup key. Hashes of the old lookup key no longer match. */
export async function renewInstallation(tx: Tx): Promise<void> {
  institution().lookupKey = undefined
  await tx.installation.update({ where: { id: 1 }, data: sealInstallation(keyRing(), env().orcid.registry) })
}

/** Writes the heartbeat of the worker. */
export async function recordWorkerSeen(): Promise<void> {
  await db().installation.updateMany({ data: { workerSeenAt: new Date() } })
}

/** HMAC of a token under the lookup key. @throws AppError `keys_wrong` */
export async function tokenHash(token: string): Promise<string> {
  if (!institution().lookupKey) await proveSealing()
  const { lookupKey } = institution()
  if (!lookupKey) throw new AppError('keys_wrong', 'The lookup key is not available')
  return lookupHash(lookupKey, token)
}

/** The embedded PostgreSQL is for trials: no real permissions. */
async function refuseEmbeddedDatabase(): Promise<void> {
  if (env().orcid.registry === 'local') return
  const [row] = await queryRows(
    db(),
    z.object({ cluster: z.string() }),
    Prisma.sql`select current_setting('cluster_name') as cluster`,
  )
  if (row?.cluster === 'concord_embedded') {
    throw new AppError('conflict', 'The embedded database is for ORCID_REGISTRY=local: give a DATABASE_URL of your own')
  }
}
