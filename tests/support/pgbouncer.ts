import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '@/scripts/ports'
import { databaseUser, sharedTemporaryDirectory } from '@/scripts/postgres-system'

export type PgBouncer = {
  /** The same database and role, through the pooler. */
  through(databaseUrl: string): string
  /** Ends it, which cuts everybody off, and starts it again after `meanwhile`. */
  restart(meanwhile: () => Promise<void>): Promise<void>
  stop(): Promise<void>
}

type Options = {
  mode: 'session' | 'transaction' | 'statement'
  /** Lines of the section [pgbouncer], as well or instead. */
  settings?: Record<string, string | number>
}

/** Where PgBouncer is on this machine; null where it is not installed. `PGBOUNCER_PATH` names another. */
export function findPgBouncer(): string | null {
  const places = [process.env.PGBOUNCER_PATH, 'pgbouncer', '/usr/sbin/pgbouncer'].filter((place) => place !== undefined)
  return places.find((place) => spawnSync(place, ['--version']).status === 0) ?? null
}

/** Starts PgBouncer before the server on which these databases are, with nothing set that we would need. */
export async function startPgBouncer(databaseUrls: string[], { mode, settings }: Options): Promise<PgBouncer> {
  const program = findPgBouncer()
  if (!program) throw new Error('PgBouncer is not installed')
  const directory = mkdtempSync(join(sharedTemporaryDirectory(), 'concord-pgbouncer-'))
  const port = await freePort()
  const target = new URL(databaseUrls[0] ?? '')
  const users = databaseUrls.map((url) => new URL(url)).map(({ username, password }) => `"${username}" "${password}"`)
  const lines = Object.entries({
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    auth_type: 'plain',
    auth_file: join(directory, 'users'),
    pool_mode: mode,
    default_pool_size: 4,
    max_client_conn: 200,
    ...settings,
  }).map(([name, value]) => `${name} = ${value}`)
  const databases = `[databases]\n* = host=${target.hostname} port=${target.port}`
  writeFileSync(join(directory, 'users'), [...new Set(users)].join('\n'))
  writeFileSync(join(directory, 'ini'), `${databases}\n[pgbouncer]\n${lines.join('\n')}\n`)
  // It refuses to run as root, as PostgreSQL does.
  const user = databaseUser()
  chmodSync(directory, 0o700)
  if (user) for (const path of ['', 'users', 'ini']) chownSync(join(directory, path), user.uid, user.gid)
  const ids = user ? { uid: user.uid, gid: user.gid } : {}
  const launch = async () => {
    const child = spawn(program, [join(directory, 'ini')], { ...ids, cwd: '/', stdio: 'ignore' })
    await answers(child, port)
    return child
  }
  let child = await launch()
  const end = async () => {
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await gone
  }
  return {
    through: (url) => Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(port) }).href,
    restart: async (meanwhile) => {
      await end()
      await meanwhile()
      child = await launch()
    },
    stop: async () => {
      await end()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function answers(child: ChildProcess, port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (child.exitCode !== null) throw new Error(`PgBouncer ended with ${child.exitCode}`)
    const isOpen = await new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))
      socket.on('connect', () => socket.destroy())
    })
    if (isOpen) return
    await sleep(50)
  }
  throw new Error('PgBouncer does not listen')
}
