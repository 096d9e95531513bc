import { spawnSync } from 'node:child_process'
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect as connectTo, createServer } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { databaseClient, databasePool } from '@/lib/database/connection'
import { describeDatabaseFault } from '@/lib/database/fault'
import { migrate } from '@/scripts/migrations'
import { portalEnv } from '@/scripts/portal'
import { freePort } from '@/scripts/ports'
import { type EmbeddedPostgres, startPostgres } from '@/scripts/postgres'
import { databaseUser, sharedTemporaryDirectory } from '@/scripts/postgres-system'
import { bareEnv, startProcess } from '@/scripts/processes'
import { commandArgs } from '@/tests/support/command'
import { until } from '@/tests/support/journey'
import { startPortal, testSecrets } from '@/tests/support/portal'
import { startTestRegistry, type TestRegistry } from '@/tests/support/registry'
import { type Certificate, makeAuthority } from '@/tests/support/self-signed'

const authority = makeAuthority()
const names = ['localhost', '127.0.0.1']

let directory: string
let server: EmbeddedPostgres
let admin: pg.Client
let root: string
let registry: TestRegistry

beforeAll(async () => {
  registry = await startTestRegistry()
  directory = mkdtempSync(join(sharedTemporaryDirectory(), 'concord-tls-'))
  server = await startPostgres({ directory, durable: false })
  admin = new pg.Client(server.url)
  await admin.connect()
  root = join(directory, 'root.pem')
  writeFileSync(root, authority.cert)
  writeFileSync(join(directory, 'other.pem'), makeAuthority().cert)
})

afterAll(async () => {
  await admin.end()
  await server.stop()
  await registry.close()
  rmSync(directory, { recursive: true, force: true })
})

/** Has the server speak TLS with this certificate from now on; with none, not at all. */
async function serve(certificate: Certificate | null, { clients }: { clients?: string } = {}): Promise<void> {
  const user = databaseUser()
  const files = { ssl_cert_file: certificate?.cert, ssl_key_file: certificate?.key, ssl_ca_file: clients }
  for (const [setting, content] of Object.entries(files)) {
    const file = join(directory, 'data', `${setting}.pem`)
    if (content) {
      writeFileSync(file, content, { mode: 0o600 })
      if (user) chownSync(file, user.uid, user.gid)
    }
    await admin.query(`ALTER SYSTEM SET ${setting} = '${content ? file : ''}'`)
  }
  await admin.query(`ALTER SYSTEM SET ssl = ${certificate ? 'on' : 'off'}`)
  expect(await reload()).toBe(certificate ? 'on' : 'off')
}

/** New connections meet what stands in the files now. Gives whether the server speaks TLS then. */
async function reload(): Promise<string> {
  const read = async () => {
    const client = databaseClient(`${server.url}?sslmode=allow`)
    await client.connect()
    const { rows } = await client.query(`SELECT pg_conf_load_time()::text AS at, current_setting('ssl') AS ssl`)
    await client.end()
    return rows[0]
  }
  const { at } = await read()
  await admin.query('SELECT pg_reload_conf()')
  for (;;) {
    const now = await read()
    if (now.at !== at) return now.ssl
  }
}

const urlWith = (parameters: string, host = '127.0.0.1') =>
  `${Object.assign(new URL(server.url), { hostname: host }).href}?${parameters}`

/** Connects once, and says whether that is encrypted; or why it failed, in a sentence. */
async function tryTo(parameters: string, host?: string): Promise<'encrypted' | 'plain' | string> {
  const client = databaseClient(urlWith(parameters, host), { connectionTimeoutMillis: 5_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')
    return rows[0].ssl ? 'encrypted' : 'plain'
  } catch (error) {
    return describeDatabaseFault(error).sentence
  } finally {
    await client.end()
  }
}

describe('with a server that does not speak TLS', () => {
  beforeAll(() => serve(null))

  test.each(['', 'sslmode=disable', 'sslmode=allow', 'sslmode=prefer'])('%s connects without', async (parameters) => {
    expect(await tryTo(parameters)).toBe('plain')
  })

  test.each(['require', 'verify-ca', 'verify-full'])('%s refuses, and says what to do', async (mode) => {
    expect(await tryTo(`sslmode=${mode}&sslrootcert=${root}`)).toMatch(/does not speak TLS.*turn it on/)
  })
})

describe('with a server whose certificate is from an authority of the institution', () => {
  beforeAll(() => serve(authority.issue({ commonName: 'database', names })))

  test.each([
    ['', 'encrypted'],
    ['sslmode=disable', 'plain'],
    ['sslmode=allow', 'plain'],
    ['sslmode=prefer', 'encrypted'],
    ['sslmode=require', 'encrypted'],
    ['ssl=true', 'encrypted'],
    // No authority of theirs: nothing may be sent in clear to whoever answers, where `require` asks for a check.
    ['sslmode=require&sslrootcert=OTHER', expect.stringContaining('an authority that is not known here')],
    ['sslmode=require&sslrootcert=ROOT', 'encrypted'],
    ['sslmode=verify-ca', expect.stringContaining('an authority that is not known here')],
    ['sslmode=verify-ca&sslrootcert=ROOT', 'encrypted'],
    ['sslmode=verify-full', expect.stringContaining('an authority that is not known here')],
    ['sslrootcert=system', expect.stringContaining('an authority that is not known here')],
    ['sslmode=verify-full&sslrootcert=OTHER', expect.stringContaining('an authority that is not known here')],
    ['sslmode=verify-full&sslrootcert=ROOT', 'encrypted'],
  ])('%s: %s', async (parameters, outcome) => {
    const other = join(directory, 'other.pem')
    expect(await tryTo(parameters.replace('ROOT', root).replace('OTHER', other))).toEqual(outcome)
  })

  test('a pool takes the same URL', async () => {
    const pool = databasePool(urlWith(`sslmode=verify-full&sslrootcert=${root}`))
    expect((await pool.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')).rows).toEqual([{ ssl: true }])
    await pool.end()
  })
})

test('a certificate for another host passes verify-ca, and verify-full names both', async () => {
  await serve(authority.issue({ commonName: 'database', names: ['db.example.org'] }))
  expect(await tryTo(`sslmode=verify-ca&sslrootcert=${root}`)).toBe('encrypted')
  for (const host of ['127.0.0.1', 'localhost']) {
    const said = await tryTo(`sslmode=verify-full&sslrootcert=${root}`, host)
    expect(said).toContain(`is for db.example.org, not for ${host}`)
  }
})

test('an expired certificate is told apart, and require without an authority does not look at it', async () => {
  await serve(authority.issue({ commonName: 'database', names, validForDays: [-10, -1] }))
  expect(await tryTo(`sslmode=verify-full&sslrootcert=${root}`)).toMatch(/certificate.*has expired.*renew it/)
  expect(await tryTo('sslmode=require')).toBe('encrypted')
})

test('a certificate of the client is shown where the URL names one', async () => {
  const client = authority.issue({ commonName: 'concord' })
  await serve(authority.issue({ commonName: 'database', names }), { clients: authority.cert })
  writeFileSync(join(directory, 'client.pem'), client.cert)
  writeFileSync(join(directory, 'client.key'), client.key, { mode: 0o600 })
  const own = `sslcert=${join(directory, 'client.pem')}&sslkey=${join(directory, 'client.key')}`
  const opened = databaseClient(urlWith(`sslmode=verify-full&sslrootcert=${root}&${own}`))
  await opened.connect()
  const { rows } = await opened.query('SELECT client_dn FROM pg_stat_ssl WHERE pid = pg_backend_pid()')
  expect(rows).toEqual([{ client_dn: '/CN=concord' }])
  await opened.end()
})

describe('what `npm start` and the doctor say of', { tags: 'release' }, () => {
  const faults: [string, Parameters<typeof authority.issue>[0] | null, string, RegExp][] = [
    [
      'an expired certificate',
      { commonName: 'database', names, validForDays: [-10, -1] },
      'ROOT',
      /has expired: renew it/,
    ],
    [
      'the name of another host',
      { commonName: 'database', names: ['db.example.org'] },
      'ROOT',
      /is for db\.example\.org, not for/,
    ],
    [
      'an authority that nobody knows',
      { commonName: 'database', names },
      'system',
      /authority that is not known here: name .* sslrootcert/,
    ],
    ['a server without TLS', null, 'ROOT', /does not speak TLS: turn it on there/],
  ]

  test.each(faults)('%s', async (_, certificate, rootcert, words) => {
    await serve(certificate && authority.issue(certificate))
    const databaseUrl = urlWith(`sslmode=verify-full&sslrootcert=${rootcert.replace('ROOT', root)}`, 'localhost')
    const settings = { databaseUrl, port: await freePort(), registry, secrets: testSecrets }
    const env = { ...portalEnv(settings), NODE_ENV: 'production' }
    const portal = startProcess({ name: 'start', args: ['.next/standalone/server.js'], env })
    const doctor = startProcess({ name: 'doctor', args: commandArgs('scripts/doctor'), env })
    expect(await doctor.ended).toBe('exit code 1')
    expect(doctor.lines.find((line) => line.includes(' database '))).toMatch(words)
    await until('it has said why', async () => portal.lines.some((line) => words.test(line)), 30_000)
    await portal.stop()
    for (const line of [...doctor.lines, ...portal.lines]) expect(line).not.toMatch(/^\s+at |\\n\s+at /)
  })
})

test('a portal, migrating, the doctor and the tools of PostgreSQL reach the same server by the same URL', async () => {
  await serve(authority.issue({ commonName: 'database', names }))
  await admin.query('CREATE DATABASE concord')
  const withRoot = Object.assign(new URL(urlWith(`sslmode=verify-full&sslrootcert=${root}`)), {
    pathname: '/concord',
  }).href
  await migrate(withRoot)
  const portal = await startPortal({ databaseUrl: withRoot, registry })
  const port = await freePort()
  const doctor = startProcess({
    name: 'doctor',
    args: commandArgs('scripts/doctor'),
    env: portalEnv({ databaseUrl: withRoot, port, registry, secrets: testSecrets }),
  })
  await doctor.ended
  expect(doctor.lines.find((line) => line.includes(' connection '))).toMatch(/good .*TLSv1\.3, certificate checked/)
  await portal.stop()
})

test.skipIf(spawnSync('psql', ['--version']).status !== 0)(
  'pg_dump is given what Node trusts for sslrootcert=system',
  async () => {
    await serve(authority.issue({ commonName: 'database', names }))
    // In the place of pg_dump, which must be as new as the server: the same library of PostgreSQL's, and one question.
    const programs = join(directory, 'programs')
    const answer = join(directory, 'answer')
    mkdirSync(programs)
    const ask = `psql -Atc 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()' "$dbname" > ${answer}`
    const script = `#!/bin/sh\n[ "$1" = --version ] && echo 'pg_dump (PostgreSQL) 99' && exit\nfor dbname in "$@"; do :; done\ndbname="\${dbname#--dbname=}"\n${ask}\n`
    writeFileSync(join(programs, 'pg_dump'), script, { mode: 0o755 })
    writeFileSync(join(programs, 'pg_restore'), '#!/bin/sh\n', { mode: 0o755 })
    const { PATH, ...bare } = bareEnv()
    const backup = startProcess({
      name: 'backup',
      args: [...commandArgs('scripts/backup'), join(directory, 'dump')],
      env: {
        ...bare,
        PATH: `${programs}:${PATH}`,
        NODE_EXTRA_CA_CERTS: root,
        DATABASE_URL: urlWith('sslrootcert=system'),
      },
    })
    expect([await backup.ended, backup.lines]).toEqual(['exit code 0', expect.anything()])
    expect(readFileSync(answer, 'utf8')).toBe('t\n')
  },
)

test('an IPv6 address in brackets is reached', async () => {
  const relay = createServer((client) => {
    const target = connectTo(server.port, '127.0.0.1').on('error', () => client.destroy())
    client.on('error', () => target.destroy())
    client.pipe(target).pipe(client)
  })
  await new Promise<void>((resolve) => relay.listen(0, '::1', resolve))
  const { port } = relay.address() as AddressInfo
  const { username, password } = new URL(server.url)
  const client = databaseClient(`postgresql://${username}:${password}@[::1]:${port}/postgres?sslmode=require`)
  await client.connect()
  expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  await client.end()
  relay.close()
})

describe('with a server that wants', () => {
  const hba = () => join(directory, 'data', 'pg_hba.conf')
  const rules = async (lines: string) => {
    writeFileSync(hba(), `${lines}\n`)
    await reload()
  }
  beforeAll(() => serve(authority.issue({ commonName: 'database', names })))

  test('encryption, allow gives it after a refusal, and disable is told to', async () => {
    await rules('hostssl all all all scram-sha-256')
    expect(await tryTo('sslmode=allow')).toBe('encrypted')
    expect(await tryTo('sslmode=disable')).toMatch(/only takes encrypted connections.*sslmode/)
  })

  test('no encryption, prefer does without after a refusal', async () => {
    await rules('hostnossl all all all scram-sha-256')
    expect(await tryTo('sslmode=prefer')).toBe('plain')
    expect(await tryTo('sslmode=require')).toContain('pg_hba.conf')
  })
})
