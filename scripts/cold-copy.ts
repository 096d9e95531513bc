import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { findServer, startPostgres } from '@/scripts/postgres'

const parts = ['data', 'password']

/**
 * Copies the files of an embedded database that is stopped, and the password that belongs to them, into a new folder.
 *
 * @throws Error where there is no database, where it is running, or where the folder is there already
 */
export function copyCold(directory: string, folder: string): void {
  requireStopped(directory)
  if (!existsSync(join(directory, 'data'))) throw new Error(`There is no database in ${directory}`)
  if (existsSync(folder)) throw new Error(`${folder} is there already: a backup is never written over`)
  const partial = `${folder}.partial`
  mkdirSync(partial, { mode: 0o711 })
  copyParts(directory, partial)
  renameSync(partial, folder)
}

/**
 * Puts such a copy in the place of an embedded database that is stopped, once `prepare` has been through with the address
 * of its database `concord`. What was there is kept beside it; gives where.
 */
export async function restoreCold(
  folder: string,
  directory: string,
  prepare: (url: string) => Promise<void>,
): Promise<string | null> {
  if (!existsSync(join(folder, 'data'))) throw new Error(`There is no copy of a database in ${folder}`)
  requireStopped(directory)
  const restoring = join(directory, 'restoring')
  rmSync(restoring, { recursive: true, force: true })
  mkdirSync(restoring, { recursive: true, mode: 0o711 })
  copyParts(folder, restoring)
  const server = await startPostgres({ directory: restoring })
  try {
    await prepare(server.urlOf('concord'))
  } finally {
    await server.stop()
  }
  const former = existsSync(join(directory, 'data'))
    ? join(directory, `before-${new Date().toISOString().replace(/[:.]/g, '-')}`)
    : null
  if (former) moveParts(directory, former)
  moveParts(restoring, directory)
  rmSync(restoring, { recursive: true })
  return former
}

function moveParts(from: string, to: string): void {
  mkdirSync(to, { recursive: true, mode: 0o711 })
  for (const part of parts) renameSync(join(from, part), join(to, part))
}

function requireStopped(directory: string): void {
  if (findServer(join(directory, 'data')) !== null)
    throw new Error(`A database is running in ${directory}: stop it first`)
}

// Files keep their owner: the server's user, where we are root.
function copyParts(from: string, to: string): void {
  const { status, stderr } = spawnSync('cp', ['-a', ...parts.map((part) => join(from, part)), to], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`Copying failed: ${stderr.trim()}`)
}
