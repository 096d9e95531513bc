import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { onDatabase } from '@/scripts/on-database'
import { portalEnv } from '@/scripts/portal'
import { startAnsweringApi } from '@/tests/support/answering-api'
import { commandArgs } from '@/tests/support/command'
import { createEmptyDatabase, createTestDatabase } from '@/tests/support/database'
import { until } from '@/tests/support/journey'
import { type Stack, startStack, testSecrets } from '@/tests/support/portal'
import { makeAuthority } from '@/tests/support/self-signed'
import { startSmtpServer } from '@/tests/support/smtp-server'
import { Visitor } from '@/tests/support/visitor'

let stack: Stack
let client: pg.Client

beforeAll(async () => {
  stack = await startStack({ env: { WORKER: 'none' } })
  client = new pg.Client({ connectionString: stack.database.url })
  await client.connect()
})

beforeEach(() => client.query('UPDATE installation SET worker_seen_at = now()'))

afterAll(async () => {
  await client.end()
  await stack.stop()
})

/** Runs `npm run doctor` as it is in package.json, with no more rights than a portal has, and gives its rows by name. */
async function examine(env: Record<string, string> = {}) {
  const { database, registry, portal } = stack
  const settings = { databaseUrl: database.portalUrl, port: portal.port, registry, secrets: testSecrets, env }
  const args = commandArgs('scripts/doctor')
  const child = spawn(process.execPath, args, { env: portalEnv(settings) as NodeJS.ProcessEnv })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const code = await new Promise((resolve) => child.once('exit', resolve))
  const row = (what: string) =>
    output
      .split('\n')
      .find((line) => line.slice(9).startsWith(`${what} `))
      ?.trim()
  return { code, output, row }
}

describe('the doctor', () => {
  test('says which credentials the portal has, and what they allow', async () => {
    expect((await examine()).row('asks for')).toContain('(Member API credentials, at ')
    const { code, row } = await examine({ ORCID_API: 'public' })
    expect(code).toBe(0)
    expect(row('asks for')).toMatch(/openid \(Public API credentials: nothing but the iD .*\/pub\/v3\.0\)$/)
  })

  test('finds a sound deployment good, and prints the redirect URI as ORCID must have it', async () => {
    const { code, output, row } = await examine()
    expect(output).toContain('0 wrong, 0 in doubt')
    expect(code).toBe(0)
    for (const what of [
      'database',
      'migrations',
      'keys',
      'worker',
      'credentials',
      'limits',
      'clock of the database',
      'clock of the registry',
    ]) {
      expect(row(what), what).toMatch(/^good/)
    }
    expect(row('redirect URI')).toContain(`: ${stack.portal.url}/api/auth/callback/orcid`)
    for (const secret of [stack.registry.clientSecret, testSecrets.tokenKeys, testSecrets.sessionSecret]) {
      expect(output).not.toContain(secret)
    }
  })

  test('leaves nothing behind: no token, no row', async () => {
    const before = await client.query('SELECT * FROM installation')
    await examine()
    expect((await stack.registry.state()).tokens).toEqual([])
    expect((await client.query('SELECT * FROM installation')).rows).toEqual(before.rows)
    expect((await client.query('SELECT count(*)::int FROM audit_event')).rows).toEqual([{ count: 0 }])
  })

  test.each([
    ['credentials', { ORCID_CLIENT_SECRET: '00000000-6d3c-4d0a-9a57-3c1e52d0b7aa' }, '401 invalid_client'],
    ['keys', { TOKEN_KEYS: `k1:${randomBytes(32).toString('base64')}` }, 'do not open'],
    ['database', { DATABASE_URL: 'postgresql://concord:geheim@127.0.0.1:1/concord' }, 'ECONNREFUSED'],
    ['registry', { ORCID_ISSUER: 'http://127.0.0.1:1' }, 'cannot be reached'],
    ['NEXTAUTH_URL', { NEXTAUTH_URL: 'http://concord.example.org' }, 'https://'],
  ])('says that %s is wrong, and ends with 1', async (what, env, words) => {
    const { code, output, row } = await examine(env)
    expect(row(what)).toMatch(/^wrong/)
    expect(row(what)).toContain(words)
    expect(output).not.toContain('geheim')
    expect(code).toBe(1)
  })

  test('connects to the mail server with TLS and its login, and sends nothing', async () => {
    const authority = makeAuthority()
    const tls = authority.issue({ commonName: 'mail', names: ['127.0.0.1'] })
    const server = await startSmtpServer({ tls, login: { user: 'library', password: 'geheim' } })
    const directory = mkdtempSync(join(tmpdir(), 'concord-doctor-'))
    const file = join(directory, 'authority.pem')
    writeFileSync(file, authority.cert)
    const mail = {
      SMTP_URL: server.url,
      MAIL_DOMAINS: 'example.org',
      MAIL_FROM: 'Library <library@example.org>',
      NODE_EXTRA_CA_CERTS: file,
    }
    const { row, output, code } = await examine(mail)
    expect(row('mail server')).toMatch(/^good .*with TLS, its certificate is trusted, the user and the password/)
    expect(row('mailbox')).toMatch(/^doubt .*MAIL_BOUNCE_URL/)
    expect(row('SPF, DKIM, DMARC')).toMatch(/^note/)
    expect(server.mails).toEqual([])
    expect(output).not.toContain('geheim')
    expect(code).toBe(0)
    await server.stop()
    rmSync(directory, { recursive: true })
  })

  test('says that the role has no limits in the database', async () => {
    const { pathname, username } = new URL(stack.database.portalUrl)
    const role = `ALTER ROLE ${username} IN DATABASE ${pathname.slice(1)}`
    await client.query(`${role} RESET statement_timeout`)
    expect((await examine()).row('limits')).toMatch(/^doubt .* start the portal/)
    await client.query(`${role} SET statement_timeout = '10s'`)
  })

  test('says that a worker has not been seen for long', async () => {
    await client.query(`UPDATE installation SET worker_seen_at = now() - interval '10 minutes'`)
    const { code, row } = await examine()
    expect([code, row('worker')]).toEqual([1, expect.stringMatching(/^wrong .* last seen 6\d\d s ago$/)])
  })

  test('says what answers in ORCID’s name, from what the portal has met and from its own questions', async () => {
    await client.query(
      `INSERT INTO foreign_answer VALUES ('revoke', 3, now(), now(), 403, 'text/html', 'Gate', 'Access blocked')`,
    )
    const met = await examine()
    expect([met.code, met.row("in ORCID's name")]).toEqual([
      1,
      expect.stringMatching(/3 requests to revoke .*blocked”/),
    ])
    await client.query('DELETE FROM foreign_answer')
    const page = '<html><title>Sign in to the network</title></html>'
    const gateway = await startAnsweringApi()
    gateway.always({ status: 200, text: page, headers: { 'content-type': 'text/html' } })
    const asked = await examine({ ORCID_ISSUER: gateway.url })
    expect(asked.row("in ORCID's name")).toMatch(/^wrong .*jwks .*200, text\/html, “Sign in to the network”/)
    await gateway.close()
  })

  test('notices proxies that TRUSTED_PROXIES does not declare, and no proxy where there is none', {
    tags: 'release',
  }, async () => {
    expect((await examine()).row('proxies')).toMatch(/^note /)
    await new Visitor().post(`${stack.portal.url}/connect/start`)
    await until('it is counted', async () => (await client.query('SELECT 1 FROM proxy_hops')).rowCount)
    // Next.js adds the address of the socket; that is no proxy.
    expect((await client.query('SELECT hops FROM proxy_hops')).rows).toEqual([{ hops: 0 }])
    expect((await examine()).row('proxies')).toMatch(/^good /)
    const declared = await examine({ TRUSTED_PROXIES: '1' })
    expect([declared.code, declared.row('proxies')]).toEqual([0, expect.stringMatching(/^doubt .*set it to 0/)])

    await client.query(`INSERT INTO proxy_hops VALUES (1, 50, now()), (3, 900, now() - interval '2 days')`)
    expect((await examine()).row('proxies')).toMatch(/^doubt .*come through 1, and TRUSTED_PROXIES is 0: set it to 1/)
    const sometimesDirect = (await examine({ TRUSTED_PROXIES: '1' })).row('proxies')
    expect(sometimesDirect).toMatch(/^doubt .*some requests come through fewer/)
    await client.query('DELETE FROM proxy_hops WHERE hops = 0')
    expect((await examine({ TRUSTED_PROXIES: '1' })).row('proxies')).toMatch(/^good /)
    await client.query('DELETE FROM proxy_hops')
  })

  test('says that rows are sealed with a key that neither the configuration nor a running process has', async () => {
    await client.query(`INSERT INTO sealed_key (key_id, rows) VALUES ('k9', 3), ('k8', 0)`)
    const { code, output, row } = await examine()
    expect([code, row('lost key')]).toEqual([1, expect.stringContaining('3 rows are sealed with the key k9')])
    expect(output).not.toContain('k8')
    await client.query(`DELETE FROM sealed_key`)
  })

  test('says which migrations a database lacks', async () => {
    const empty = await createEmptyDatabase()
    const { code, row } = await examine({ DATABASE_URL: empty.url })
    expect([code, row('migrations')]).toEqual([1, expect.stringContaining('no schema yet. Run npm run migrate')])
    await empty.drop()
    const other = await createTestDatabase()
    await onDatabase(other.url, (client) => client.query('DELETE FROM _prisma_migrations'))
    const lacking = await examine({ DATABASE_URL: other.url })
    expect([lacking.code, lacking.row('migrations')]).toEqual([1, expect.stringContaining('missing: 0001_initial')])
    await other.drop()
  })
})
