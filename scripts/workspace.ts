import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { PortalSecrets } from '@/scripts/portal'
import { findServer } from '@/scripts/postgres'
import { canReach, databaseUser, temporaryDirectory } from '@/scripts/postgres-system'
import { root } from '@/scripts/processes'

export type Workspace = {
  /** What is kept between two runs. */
  directory: string
  /** Of the embedded PostgreSQL; elsewhere when its user cannot reach the workspace. */
  postgresDirectory: string
  registryState: string
  secrets: PortalSecrets & { clientSecret: string }
  log: (name: string) => string
}

const markerName = 'made-by-concord'

/**
 * Opens the folder in which `npm run demo` or `npm run dev` keeps its database, the registry's state and the secrets
 * that it made up, so that what was sealed in one run opens in the next. With `reset` it is emptied first. A folder with
 * something in it that we did not put there is refused either way.
 */
export function openWorkspace(name: 'demo' | 'dev', { reset }: { reset: boolean }): Workspace {
  const directory = join(root, '.concord', name)
  claim(directory, { reset })
  const postgresDirectory = findPostgresDirectory(directory, name)
  claim(postgresDirectory, { reset })
  return {
    directory,
    postgresDirectory,
    registryState: join(directory, 'registry.json'),
    secrets: ensureSecrets(join(directory, 'secrets.json')),
    log: (service) => join(directory, `${service}.log`),
  }
}

function claim(directory: string, { reset }: { reset: boolean }): void {
  const marker = join(directory, markerName)
  const isOurs = existsSync(marker)
  if (!isOurs && existsSync(directory) && readdirSync(directory).length > 0) {
    throw new Error(`${directory} was not made by this command: it is left alone. Move it away to go on`)
  }
  if (reset && isOurs) {
    refuseWhileInUse(directory)
    rmSync(directory, { recursive: true })
  }
  mkdirSync(directory, { recursive: true })
  // The database's user has to pass, and nobody else needs to read.
  chmodSync(directory, 0o711)
  writeFileSync(marker, 'This folder may be deleted by npm run demo -- --reset, or npm run dev -- --reset.\n')
}

function refuseWhileInUse(directory: string): void {
  for (const data of [join(directory, 'data'), join(directory, 'postgres', 'data')]) {
    if (findServer(data) !== null)
      throw new Error(`A database is running in ${data}: stop it before it is started over`)
  }
}

function findPostgresDirectory(directory: string, name: string): string {
  const inside = join(directory, 'postgres')
  const user = databaseUser()
  if (canReach(directory, user)) return inside
  const outside = temporaryDirectory(`${name}-${createHash('sha256').update(root).digest('hex').slice(0, 8)}`)
  console.log(
    `  The database is kept in ${outside}: the user ${user?.name}, as whom it runs, cannot reach ${relative('.', directory)}`,
  )
  return outside
}

/** Made up once, for this machine only; readable by us only. */
function ensureSecrets(file: string): Workspace['secrets'] {
  if (!existsSync(file)) {
    const secrets: Workspace['secrets'] = {
      sessionSecret: randomBytes(32).toString('base64url'),
      tokenKeys: `k1:${randomBytes(32).toString('base64')}`,
      clientSecret: randomUUID(),
    }
    writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 })
  }
  return JSON.parse(readFileSync(file, 'utf8')) as Workspace['secrets']
}
