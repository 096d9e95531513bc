import 'server-only'
import { env } from '@/lib/config/env'
import { KeyRing } from '@/lib/crypto/sealed'
import { lookupHash } from '@/lib/crypto/secrets'
import { db, type Tx } from '@/lib/db'
import { AppError } from '@/lib/errors'
import { openLookupKey, sealInstallation } from '@/lib/installation/canary'
import { institution } from '@/lib/institution'

declare module '@/lib/institution' {
  interface Institution {
    /** With which tokens are hashed to be found again. */
    lookupKey?: string
  }
}

/**
 * The sealing keys of this process. Made each time, from keys that are kept: an error of a ring that another bundle made would be
 * no `SealError` of this one.
 */
export function keyRing(): KeyRing {
  return new KeyRing(env().tokenKeys)
}

/**
 * Makes sure that this database belongs to this configuration: the same registry, and keys that open what was sealed
 * here before. On an empty database it writes down the registry, a canary and the lookup key.
 *
 * @throws AppError `conflict` on another registry's database, `keys_wrong` when the canary does not open
 */
export async function prepareInstallation(): Promise<void> {
  const { registry } = env().orcid
  await refuseEmbeddedDatabase()
  const data = { registry, ...sealInstallation(keyRing(), registry) }
  await db().installation.createMany({ data, skipDuplicates: true })
  await proveSealing()
}

/**
 * Seals and opens once more, and opens the canary in the database. Asked before anybody is sent to ORCID: better not
 * to ask than to lose what is given.
 */
export async function proveSealing(): Promise<void> {
  const row = await db().installation.findUnique({ where: { id: 1 } })
  if (!row) return prepareInstallation()
  if (row.registry !== env().orcid.registry) {
    throw new AppError(
      'conflict',
      `The database was made for the ${row.registry} registry, not for ${env().orcid.registry}`,
    )
  }
  try {
    openLookupKey(keyRing(), row.registry, sealInstallation(keyRing(), row.registry))
    institution().lookupKey = openLookupKey(keyRing(), row.registry, row)
  } catch (error) {
    throw new AppError('keys_wrong', 'TOKEN_KEYS do not open what this database holds', { cause: error })
  }
}

/**
 * Makes a canary and a lookup key anew, under the keys of today. What was hashed with the former lookup key is not found
 * again.
 */
export async function renewInstallation(tx: Tx): Promise<void> {
  institution().lookupKey = undefined
  await tx.installation.update({ where: { id: 1 }, data: sealInstallation(keyRing(), env().orcid.registry) })
}

/** Writes down that jobs are being done. */
export async function recordWorkerSeen(): Promise<void> {
  await db().installation.updateMany({ data: { workerSeenAt: new Date() } })
}

/** The hash under which a token is found again without opening anything. */
export async function tokenHash(token: string): Promise<string> {
  if (!institution().lookupKey) await proveSealing()
  const { lookupKey } = institution()
  if (!lookupKey) throw new AppError('keys_wrong', 'The lookup key is not available')
  return lookupHash(lookupKey, token)
}

/** An embedded PostgreSQL is for trying things out; real permissions do not belong into it. */
async function refuseEmbeddedDatabase(): Promise<void> {
  if (env().orcid.registry === 'local') return
  const [row] = await db().$queryRaw<{ cluster: string }[]>`select current_setting('cluster_name') as cluster`
  if (row?.cluster === 'concord_embedded') {
    throw new AppError('conflict', 'The embedded database is for ORCID_REGISTRY=local: give a DATABASE_URL of your own')
  }
}
