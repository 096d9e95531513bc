import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv as parseFile } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parseEnv } from '@/lib/config/env'
import { quote } from '@/scripts/env-file'
import { bareEnv, startProcess } from '@/scripts/processes'
import { commandArgs } from '@/tests/support/command'

let directory: string
const file = () => join(directory, 'env')

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'concord-setup-'))
})

afterEach(() => rmSync(directory, { recursive: true }))

async function setUp(args: string[], env: Record<string, string> = {}) {
  const started = startProcess({
    name: 'setup',
    args: [...commandArgs('scripts/setup'), '--out', file(), ...args],
    env: { ...bareEnv(), ...env },
  })
  return { ended: await started.ended, output: started.lines.join('\n') }
}

const clientSecret = '4c1b7a9e-88d2-4f1e-a77a-0b5a3f0c2d11'
const flags = {
  '--nextauth-url': 'https://orcid.uni.edu',
  '--institution-name': "King's College, #1",
  '--support-email': 'orcid@uni.edu',
  '--orcid-client-id': 'APP-123',
  '--staff-admins': '0000-0002-1825-0097',
}

describe('npm run setup', () => {
  test('writes a .env from flags and the environment that the portal accepts and nobody else may read', async () => {
    const args = [...Object.entries(flags).flat(), '--database-url', 'postgresql://p:w@db:5432/c']
    const { ended, output } = await setUp(args, { ORCID_CLIENT_SECRET: clientSecret })
    expect(ended, output).toBe('exit code 0')
    expect(output).toContain('https://orcid.uni.edu/api/auth/callback/orcid')
    expect(output).not.toContain(clientSecret)
    const parsed = parseEnv(parseFile(readFileSync(file(), 'utf8')))
    if (!('env' in parsed)) throw new Error(JSON.stringify(parsed.faults))
    expect(parsed.env.institution.name).toBe("King's College, #1")
    expect(parsed.env.orcid).toMatchObject({ registry: 'sandbox', clientSecret })
    expect(statSync(file()).mode & 0o777).toBe(0o600)
  })

  test('asks nothing where the file has no folder', async () => {
    const missing = join(directory, 'gone', 'env')
    const { ended, output } = await setUp(['--out', missing])
    expect(ended).toBe('exit code 1')
    expect(output).toContain(`${join(directory, 'gone')} is not there: make the folder first`)
  })

  test('repeats no address that was typed at the wrong place: it may hold a password', async () => {
    const typed = 'postgresql://p:pasted-password@db:5432/c'
    const args = Object.entries({ ...flags, '--staff-admins': typed, '--database-url': typed }).flat()
    const { ended, output } = await setUp(args, { ORCID_CLIENT_SECRET: clientSecret })
    expect(ended).toBe('exit code 1')
    expect(output).toContain('STAFF_ADMINS')
    expect(output).not.toContain('pasted-password')
  })

  test('makes the passwords for Compose, other ones each time', async () => {
    const args = ['--compose', ...Object.entries(flags).flat(), '--orcid-client-secret', clientSecret]
    await setUp(args)
    const first = parseFile(readFileSync(file(), 'utf8'))
    expect(first.DATABASE_PASSWORD).toMatch(/^[0-9a-f]{48}$/)
    expect(first.MIGRATE_DATABASE_PASSWORD).toMatch(/^[0-9a-f]{48}$/)
    rmSync(file())
    await setUp(args)
    const second = parseFile(readFileSync(file(), 'utf8'))
    for (const name of ['DATABASE_PASSWORD', 'MIGRATE_DATABASE_PASSWORD', 'NEXTAUTH_SECRET', 'TOKEN_KEYS'])
      expect(second[name]).not.toBe(first[name])
  })

  test('names for Compose what is in its containers, and starts Caddy for a site', async () => {
    const args = ['--compose', ...Object.entries(flags).flat(), '--orcid-client-secret', clientSecret]
    const { output } = await setUp([...args, '--site', 'orcid.uni.edu', '--texts-dir', '/texts'])
    const { LEDGER_FILE, TEXTS_DIR, SITE, COMPOSE_PROFILES } = parseFile(readFileSync(file(), 'utf8'))
    expect({ LEDGER_FILE, TEXTS_DIR, SITE, COMPOSE_PROFILES }).toEqual({
      LEDGER_FILE: '/ledger/ledger.jsonl',
      TEXTS_DIR: '/texts',
      SITE: 'orcid.uni.edu',
      COMPOSE_PROFILES: 'https',
    })
    expect(output).toContain('docker compose exec portal /concord/concord doctor')
  })

  test('writes nothing where something is missing or wrong, and says what', async () => {
    const { ended, output } = await setUp(Object.entries(flags).flat())
    expect(ended).toBe('exit code 1')
    expect(output).toContain('ORCID_CLIENT_SECRET is missing: give it as --orcid-client-secret')
    const args = ['--compose', ...Object.entries({ ...flags, '--nextauth-url': 'http://orcid.uni.edu' }).flat()]
    const wrong = await setUp(args, { ORCID_CLIENT_SECRET: clientSecret })
    expect(wrong.output).toContain('Nothing was written')
    expect(wrong.output).toMatch(/NEXTAUTH_URL +begins with http:/)
    expect(() => statSync(file())).toThrow()
  })

  test('never writes over a file', async () => {
    const args = ['--compose', ...Object.entries(flags).flat()]
    await setUp(args, { ORCID_CLIENT_SECRET: clientSecret })
    const before = readFileSync(file(), 'utf8')
    const { output } = await setUp(args, { ORCID_CLIENT_SECRET: clientSecret })
    expect(output).toContain('is there already, and is not written over')
    expect(readFileSync(file(), 'utf8')).toBe(before)
  })
})

test.each(['plain', 'with # and $x', "it's", 'a "b" c', ''])(
  'a value is read from .env as it was written: %s',
  (value) => {
    expect(parseFile(`A=${quote(value)}\nB=1`)).toEqual({ A: value, B: '1' })
  },
)
