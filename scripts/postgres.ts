import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '@/scripts/ports'
import { canReach, databaseUser, postgresPrograms, type SystemUser, unicodeLocale } from '@/scripts/postgres-system'

export type EmbeddedPostgres = {
  /** Superuser's address of the database `postgres`. */
  url: string
  urlOf(database: string): string
  port: number
  /** Resolves when the server is gone, for whatever reason. */
  exited: Promise<void>
  /** Fast shutdown: sessions are ended, data is written. Takes 3.5 seconds at most. */
  stop(): Promise<void>
  /** As when the machine loses power: SIGKILL, nothing is written. */
  kill(): Promise<void>
}

type Options = {
  /** Holds `data` and the superuser's `password`; made when missing, used again when there. */
  directory: string
  port?: number
  /** False trades safety in a crash for speed: for data that nobody will miss. */
  durable?: boolean
  /** `name=value`, as in `postgresql.conf`. */
  settings?: readonly string[]
}

/** The server says this name of itself, and the portal refuses to keep a production registry's tokens on it. */
const clusterName = 'concord_embedded'
const superuser = 'concord'

const quick = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']

/** Starts a PostgreSQL server of our own that listens on 127.0.0.1 only. */
export async function startPostgres({
  directory,
  port: wanted = 0,
  durable = true,
  settings = [],
}: Options): Promise<EmbeddedPostgres> {
  const user = databaseUser()
  mkdirSync(directory, { recursive: true, mode: 0o711 })
  if (user) chmodSync(directory, 0o711)
  if (!canReach(directory, user)) throw new Error(`The user ${user?.name} cannot reach ${directory}`)
  const bin = postgresPrograms(user)
  const data = join(directory, 'data')
  const password = ensurePassword(directory, data)
  if (!existsSync(data)) initialise({ bin, data, password, user, durable })
  await waitForOthers(data)
  const { child, port } = await launch({
    bin,
    data,
    user,
    wanted,
    settings: durable ? settings : [...quick, ...settings],
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  // The pipe is what the server's guard waits on; a server that is gone needs none.
  void exited.then(() => child.stdin?.destroy())
  const urlOf = (database: string) => `postgresql://${superuser}:${password}@127.0.0.1:${port}/${database}`
  return {
    url: urlOf('postgres'),
    urlOf,
    port,
    exited,
    stop: () => stop(child, exited),
    kill: () => {
      child.kill('SIGKILL')
      return exited
    },
  }
}

function ensurePassword(directory: string, data: string): string {
  const file = join(directory, 'password')
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  if (existsSync(data)) throw new Error(`${data} holds a database, but its password is missing from ${file}`)
  const password = randomBytes(24).toString('base64url')
  writeFileSync(file, `${password}\n`, { mode: 0o600 })
  return password
}

type Initial = { bin: string; data: string; password: string; user: SystemUser | null; durable: boolean }

/** Makes the data beside its final name and renames it, so that an interrupted start leaves nothing half made. */
function initialise({ bin, data, password, user, durable }: Initial): void {
  const partial = `${data}.partial`
  const passwordFile = `${partial}-password`
  rmSync(partial, { recursive: true, force: true })
  mkdirSync(partial, { mode: 0o700 })
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  if (user) for (const path of [partial, passwordFile]) chownSync(path, user.uid, user.gid)
  const result = spawnSync(
    join(bin, 'initdb'),
    [
      `--pgdata=${partial}`,
      `--username=${superuser}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      `--locale=${unicodeLocale()}`,
      '--locale-provider=icu',
      '--icu-locale=und',
      // Four thousand rounds for each connection are dear where the data is nobody's.
      ...(durable ? [] : ['--no-sync', '--set', 'scram_iterations=1']),
    ],
    { ...idsOf(user), cwd: '/', env: serverEnv, encoding: 'utf8' },
  )
  rmSync(passwordFile, { force: true })
  if (result.status !== 0) throw new Error(`initdb failed: ${result.stderr || result.error?.message}`)
  renameSync(partial, data)
}

const idsOf = (user: SystemUser | null) => (user ? { uid: user.uid, gid: user.gid } : {})

// Its messages are read below; they must not depend on the machine's language.
const serverEnv: NodeJS.ProcessEnv = { NODE_ENV: 'production', PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' }

/** A server that is going down is waited for; one that stays is somebody's, and is named. */
async function waitForOthers(data: string): Promise<void> {
  for (let tries = 0; tries < 25; tries++) {
    if (findServer(data) === null) return
    await sleep(200)
  }
  throw new Error(
    `Another PostgreSQL (process ${findServer(data)}) is using ${data}: is the same command running already?`,
  )
}

/** The process id of the server that runs on `data`, or null. */
export function findServer(data: string): number | null {
  const lock = join(data, 'postmaster.pid')
  if (!existsSync(lock)) return null
  const pid = Number(readFileSync(lock, 'utf8').split('\n')[0])
  if (isPostgres(pid, data)) return pid
  // The number may have gone to another program since; a server would take that for one of its own and refuse.
  if (isAlive(pid)) rmSync(lock, { force: true })
  return null
}

function isPostgres(pid: number, data: string): boolean {
  const command = existsSync('/proc/self/cmdline')
    ? readIfThere(`/proc/${pid}/cmdline`)
    : spawnSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout
  return command.includes('postgres') && command.includes(data)
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

type Launch = { bin: string; data: string; user: SystemUser | null; wanted: number; settings: readonly string[] }

async function launch(options: Launch): Promise<{ child: ChildProcess; port: number }> {
  let message = ''
  for (let tries = 0; tries < 10; tries++) {
    const port = await freePort(options.wanted)
    const { child, failed } = await spawnServer(options, port)
    if (failed === null) return { child, port }
    message = failed
    // Two causes pass by themselves: the port was taken just now, and sessions of a killed server are still ending.
    if (!/could not bind|Address already in use|pre-existing shared memory/.test(message)) break
    await sleep(500)
  }
  throw new Error(`PostgreSQL did not start: ${message}`)
}

// The server is not in our process group, so that Ctrl-C reaches it through us only, after those who use it. Should we
// be killed, the pipe ends and the guard beside the server stops it: nothing is ever left running.
const guarded = 'exec 3<&0; (cat <&3 >/dev/null; kill -INT $$) >/dev/null 2>&1 & exec "$@" 3<&- </dev/null'

function spawnServer({ bin, data, user, settings }: Launch, port: number) {
  const flags = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    `cluster_name=${clusterName}`,
    'max_connections=500',
    'timezone=UTC',
    ...settings,
  ].flatMap((setting) => ['-c', setting])
  const child = spawn('/bin/sh', ['-c', guarded, 'sh', join(bin, 'postgres'), '-D', data, ...flags], {
    ...idsOf(user),
    cwd: '/',
    env: serverEnv,
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  return new Promise<{ child: ChildProcess; failed: string | null }>((resolve, reject) => {
    let log = ''
    child.once('error', reject)
    child.once('exit', () => {
      child.stdin?.destroy()
      resolve({ child, failed: log.trim().split('\n').slice(-6).join('\n') })
    })
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-4000)
      if (/ready to accept (read-only )?connections/.test(log)) resolve({ child, failed: null })
    })
  })
}

async function stop(child: ChildProcess, exited: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  // The guard asks for the shutdown and ends before the server, which as its parent takes note of that.
  child.stdin?.destroy()
  if (await settles(exited, 2_500)) return
  child.kill('SIGQUIT')
  if (await settles(exited, 700)) return
  child.kill('SIGKILL')
  await exited
}

async function settles(promise: Promise<void>, withinMs: number): Promise<boolean> {
  const timer = new AbortController()
  const late = sleep(withinMs, false, { signal: timer.signal }).catch(() => false)
  const done = await Promise.race([promise.then(() => true), late])
  timer.abort()
  return done
}
