import { randomBytes } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseEnv } from '@/lib/config/env'
import { variables } from '@/lib/config/env-variables'
import { formatFaults } from '@/lib/config/fault'
import { settableVariables } from '@/lib/config/settings'
import { complete, faultOf, key, read } from '@/tests/support/configuration'

describe('the configuration', () => {
  test('is complete with nine variables, and asks for what an institution wants by default', () => {
    const { env } = read()
    expect(env?.orcid).toMatchObject({
      issuer: 'https://sandbox.orcid.org',
      apiUrl: 'https://api.sandbox.orcid.org/v3.0',
      scopes: ['/activities/update', '/person/update', '/read-limited', 'openid'],
      redirectUri: 'https://concord.example.org/api/auth/callback/orcid',
    })
    expect(env?.secureCookies).toBe(true)
  })

  test('reaches ORCID through the proxy that is set, and what is excepted without it', () => {
    const proxy = 'http://proxy.example.org:3128'
    expect(read().env?.orcid).toMatchObject({ issuerProxy: null, apiProxy: null })
    expect(read({ HTTPS_PROXY: proxy }).env?.orcid).toMatchObject({ issuerProxy: proxy, apiProxy: proxy })
    const excepted = read({ HTTPS_PROXY: proxy, NO_PROXY: 'api.sandbox.orcid.org' })
    expect(excepted.env?.orcid).toMatchObject({ issuerProxy: proxy, apiProxy: null })
    expect(faultOf('HTTPS_PROXY', { HTTPS_PROXY: 'proxy.example.org:3128' })).toBe('is not a web address')
  })

  test('tells every fault at once', () => {
    expect(parseEnv({})).toEqual({ faults: expect.any(Array) })
    expect(
      new Set(
        read(Object.fromEntries(Object.keys(complete).map((name) => [name, undefined]))).faults.map(
          ({ variable }) => variable,
        ),
      ),
    ).toEqual(new Set(Object.keys(complete).filter((name) => !settableVariables.some((one) => one === name))))
  })

  test.each(['DATABASE_URL', 'WORKER_DATABASE_URL'])(
    'names a fault of %s without repeating its password',
    (variable) => {
      const url = 'postgresql://concord:geheim@db.example.org/concord'
      const faultIn = (parameters: string) => faultOf(variable, { [variable]: `${url}?${parameters}` })
      expect(faultIn('sslmode=no-verify')).toContain('sslmode')
      expect(faultIn('sslmode=verify-full&sslrootcert=/nowhere/root.pem')).toContain('sslrootcert')
      expect(faultOf(variable, { [variable]: 'postgresql://concord:ge/heim@db/concord' })).not.toContain('heim')
      expect(faultIn('sslmode=verify-full')).toBeUndefined()
    },
  )

  test.each([
    ['NEXTAUTH_SECRET', 'short-secret'],
    ['NEXTAUTH_SECRET', 'change-me-change-me-change-me-change-me'],
    ['NEXTAUTH_SECRET_PREVIOUS', 'short-secret'],
    ['NEXTAUTH_SECRET_PREVIOUS', 'change-me-change-me-change-me-change-me'],
    ['NEXTAUTH_SECRET_PREVIOUS', complete.NEXTAUTH_SECRET],
    ['ORCID_CLIENT_SECRET', 'your-client-secret'],
    ['TOKEN_KEYS', `k1:${randomBytes(16).toString('base64')}`],
    ['TOKEN_KEYS', `k1:${Buffer.alloc(32).toString('base64')}`],
    ['TOKEN_KEYS', `k1:${key},k1:${key}`],
    ['TOKEN_KEYS', `k2:${key},k1:${key}`],
    ['TOKEN_KEYS', `k1:${Buffer.from([...Array(32).keys()]).toString('base64')}`],
    ['NEXTAUTH_SECRET', 'a'.repeat(40)],
    ['NEXTAUTH_SECRET', 'abcdefghijklmnopqrstuvwxyz012345'],
    ['NEXTAUTH_SECRET', 'concord-portal-concord-portal-concord'],
    ['METRICS_TOKEN', '12345678901234567890123456789012'],
    ['CRON_SECRET', complete.NEXTAUTH_SECRET],
    ['METRICS_TOKEN', complete.NEXTAUTH_SECRET],
    ['METRICS_TOKEN', key],
    ['NEXTAUTH_SECRET', complete.ORCID_CLIENT_SECRET],
  ])('refuses a weak %s without repeating it', (variable, value) => {
    const { faults } = read({ [variable]: value })
    expect(faults.map((fault) => fault.variable)).toEqual([variable])
    expect(formatFaults(faults)).not.toContain(value)
    expect(formatFaults(faults)).not.toContain(key)
  })

  test('shows faults of single variables and conflicts between them together, each with what to do', () => {
    const { faults } = read({
      DATABASE_URL: undefined,
      CHECK_EVERY_DAYS: 'weekly',
      NEXTAUTH_URL: 'http://concord.example.org/path',
      ORCID_REGISTRY: 'production',
      ORCID_ISSUER: 'https://sandbox.orcid.org',
      METRICS_TOKEN: complete.NEXTAUTH_SECRET,
      ORCID_SCOPES: '/made-up',
    })
    expect(faults.map(({ variable }) => variable)).toEqual([
      'DATABASE_URL',
      'NEXTAUTH_URL',
      'NEXTAUTH_URL',
      'ORCID_ISSUER',
      'ORCID_SCOPES',
      'CHECK_EVERY_DAYS',
      'METRICS_TOKEN',
    ])
    for (const { mend } of faults) expect(mend).toMatch(/^(write|make|leave|begin|take|did)/)
    expect(formatFaults(faults)).toContain('  DATABASE_URL      is missing: write it as postgresql://')
  })

  test.each([
    [undefined, ['end-date', 'pause', 'revoke']],
    ['revoke pause', ['pause', 'revoke']],
    ['none', []],
  ])('does with leavers what LEAVERS=%s names, always in the same order', (given, steps) => {
    expect(read({ LEAVERS: given }).env?.leavers).toEqual({ steps, pauseDays: 180, keepMonths: 12 })
  })

  test.each(['erase', 'none,pause'])('refuses LEAVERS=%s', (given) => {
    expect(faultOf('LEAVERS', { LEAVERS: given })).toBeDefined()
  })

  test('says for every variable what to do', () => {
    const nonsense = Object.fromEntries(Object.keys(variables.shape).map((name) => [name, '\u0000']))
    for (const { variable, mend } of read(nonsense).faults)
      expect([variable, mend]).toEqual([variable, expect.any(String)])
  })

  test.each([
    ['ORCID_ISSUER', { ORCID_REGISTRY: 'production', ORCID_ISSUER: 'https://sandbox.orcid.org' }, 'is of the sandbox'],
    ['ORCID_ISSUER', { ORCID_ISSUER: 'https://orcid.org' }, 'is of the production'],
    [
      'ORCID_ISSUER',
      { ORCID_REGISTRY: 'production', ORCID_ISSUER: 'https://orcid.org.example.com' },
      'is not an address',
    ],
    ['ORCID_ISSUER', { ORCID_REGISTRY: 'production', ORCID_ISSUER: 'https://user:pass@orcid.org' }, 'user information'],
    ['ORCID_ISSUER', { ORCID_REGISTRY: 'production', ORCID_ISSUER: 'https://orcid.org/oauth' }, 'has a path'],
    ['ORCID_ISSUER', { ORCID_REGISTRY: 'production', ORCID_ISSUER: 'https://orcid.org/?a=b' }, 'has a query'],
    ['ORCID_ISSUER', { ORCID_REGISTRY: 'production', ORCID_ISSUER: 'https://orcid.org/#top' }, 'or a fragment'],
    [
      'ORCID_API_URL',
      { ORCID_REGISTRY: 'production', ORCID_API_URL: 'https://api.sandbox.orcid.org/v3.0' },
      'is of the sandbox',
    ],
    [
      'ORCID_API_URL',
      { ORCID_REGISTRY: 'production', ORCID_API_URL: 'https://pub.orcid.org/v3.0' },
      'is not the API of ORCID_API=member',
    ],
    [
      'ORCID_API_URL',
      { ORCID_API: 'public', ORCID_SCOPES: undefined, ORCID_API_URL: 'https://api.sandbox.orcid.org/v3.0' },
      'is not the API of ORCID_API=public',
    ],
    ['NEXTAUTH_URL', { NEXTAUTH_URL: 'https://me:secret@concord.example.org' }, 'has user information'],
  ])('refuses %s with %j', (variable, changes, words) => {
    expect(faultOf(variable, changes)).toContain(words)
    expect(formatFaults(read(changes).faults)).not.toMatch(/pass@|me:secret/)
  })

  test('accepts the addresses of the registry itself', () => {
    const own = { ORCID_ISSUER: 'https://sandbox.orcid.org/', ORCID_API_URL: 'https://api.sandbox.orcid.org/v3.0' }
    expect(read(own).env?.orcid.issuer).toBe('https://sandbox.orcid.org')
  })

  test.each([
    ['https://orcid.uni-example.es', true],
    ['https://203.0.113.9', true],
    ['https://portal.example', false],
    ['https://10.0.0.7', false],
    ['https://172.20.1.1:8443', false],
    ['https://[fd00::1]', false],
    ['https://concord', false],
    ['http://localhost:3000', false],
  ])('with the local registry at %s: refused is %j', (address, refused) => {
    const local = {
      ORCID_REGISTRY: 'local',
      ORCID_ISSUER: 'http://127.0.0.1:4000',
      ORCID_API_URL: 'http://127.0.0.1:4000/v3.0',
    }
    expect(faultOf('NEXTAUTH_URL', { ...local, NEXTAUTH_URL: address }) !== undefined).toBe(refused)
  })

  test.each([
    ['http away from this machine', { NEXTAUTH_URL: 'http://concord.example.org' }],
    ['http with the production registry', { NEXTAUTH_URL: 'http://localhost:3000', ORCID_REGISTRY: 'production' }],
    ['a path in the address', { NEXTAUTH_URL: 'https://example.org/concord' }],
  ])('refuses %s', (_what, changes) => {
    expect(faultOf('NEXTAUTH_URL', changes)).toBeDefined()
  })

  test('accepts http on a loopback address, with cookies that http can carry', () => {
    expect(read({ NEXTAUTH_URL: 'http://localhost:3000' }).env?.secureCookies).toBe(false)
  })

  test('accepts an http issuer only on a loopback address with the local registry', () => {
    const local = {
      ORCID_REGISTRY: 'local',
      ORCID_ISSUER: 'http://127.0.0.1:4000',
      ORCID_API_URL: 'http://127.0.0.1:4000/v3.0',
    }
    expect(read(local).env?.orcid.issuer).toBe('http://127.0.0.1:4000')
    expect(faultOf('ORCID_ISSUER', { ...local, ORCID_ISSUER: 'http://orcid.example.org' })).toBeDefined()
    expect(faultOf('ORCID_ISSUER', { ORCID_ISSUER: 'http://127.0.0.1:4000' })).toBeDefined()
    expect(faultOf('ORCID_ISSUER', { ORCID_REGISTRY: 'local' })).toBeDefined()
  })

  test.each([
    ['/webhook', 'member'],
    ['/made-up', 'member'],
    ['/read-limited', 'public'],
  ])('refuses the scope %s with %s credentials', (scope, api) => {
    expect(faultOf('ORCID_SCOPES', { ORCID_SCOPES: `openid ${scope}`, ORCID_API: api })).toContain(scope)
  })

  test.each([
    ['/read-limted', 'is unknown', 'did you mean /read-limited?'],
    ['read-limited', 'is unknown', 'did you mean /read-limited?'],
    ['/something-else-entirely', 'is unknown', 'these exist: '],
    ['/webhook', 'may not be asked for with member credentials', 'leave it out'],
    ['/orcid-works/create', 'is out of use', 'write /activities/update'],
  ])('tells a scope that does not exist from one that may not be asked for: %s', (scope, words, mend) => {
    const [found] = read({ ORCID_SCOPES: scope }).faults
    expect(found?.fault).toContain(`${scope} ${words}`)
    expect(found?.mend).toContain(mend)
  })

  test('asks for identity alone with public credentials', () => {
    expect(read({ ORCID_API: 'public' }).env?.orcid.scopes).toEqual(['openid'])
  })

  test('reads administrators as iDs in any of their forms, and refuses what is none', () => {
    expect(
      read({ STAFF_ADMINS: 'https://orcid.org/0000-0002-1825-0097, 0000-0001-2345-6789' }).env?.staffAdmins,
    ).toEqual(['0000-0002-1825-0097', '0000-0001-2345-6789'])
    expect(faultOf('STAFF_ADMINS', { STAFF_ADMINS: '0000-0002-1825-0098' })).toBeDefined()
  })

  test('requires a second factor of staff only where it is told to, and never where ORCID says nothing of it', () => {
    expect(read({}).env?.requireStaffMfa).toBe(false)
    expect(read({ REQUIRE_STAFF_MFA: 'yes' }).env?.requireStaffMfa).toBe(true)
    expect(faultOf('REQUIRE_STAFF_MFA', { REQUIRE_STAFF_MFA: 'true' })).toBeDefined()
    expect(faultOf('REQUIRE_STAFF_MFA', { REQUIRE_STAFF_MFA: 'yes', ORCID_API: 'public' })).toBeDefined()
  })

  test('lets a thousand people a minute connect from one address unless told otherwise', () => {
    const limits = read({}).env?.rateLimits
    for (const use of ['sign_in', 'start', 'callback'] as const)
      expect(limits?.[use]).toMatchObject({ perAddress: expect.toSatisfy((most) => most >= 1_000), windowS: 60 })
  })

  test('reads the limits that it is told, and refuses what is none', () => {
    const limits = read({ RATE_LIMITS: 'start=5/50, export=20/200' }).env?.rateLimits
    expect(limits?.start).toEqual({ perPerson: 5, perAddress: 50, windowS: 60 })
    expect(limits?.export).toEqual({ perPerson: 20, perAddress: 200, windowS: 600 })
    expect(limits?.write).toEqual(read({}).env?.rateLimits.write)
    for (const entry of ['start=5', 'start=5/x', 'start=0/50', 'begin=5/50', 'start:5/50', 'toString=5/50'])
      expect(faultOf('RATE_LIMITS', { RATE_LIMITS: `export=20/200 ${entry}` })).toContain(entry)
  })

  test('takes any variable from a file, and says so when it cannot be read', () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'concord-env-')), 'secret')
    writeFileSync(file, `${complete.NEXTAUTH_SECRET}\n`)
    expect(read({ NEXTAUTH_SECRET: undefined, NEXTAUTH_SECRET_FILE: file }).env?.sessionSecrets).toEqual([
      complete.NEXTAUTH_SECRET,
    ])
    expect(
      faultOf('NEXTAUTH_SECRET_FILE', { NEXTAUTH_SECRET: undefined, NEXTAUTH_SECRET_FILE: `${file}-gone` }),
    ).toBeDefined()
  })

  test('makes cookies with the newest session secret and still opens those of the one before', () => {
    const previous = randomBytes(32).toString('base64')
    expect(read({ NEXTAUTH_SECRET_PREVIOUS: previous }).env?.sessionSecrets).toEqual([
      complete.NEXTAUTH_SECRET,
      previous,
    ])
  })

  test('darkens an accent that would not be readable', () => {
    expect(read({ INSTITUTION_ACCENT: '#ffff00' }).env?.institution.accent.light).not.toBe('#ffff00')
    expect(read({ INSTITUTION_ACCENT: '#003366' }).env?.institution.accent.light).toBe('#003366')
    expect(faultOf('INSTITUTION_ACCENT', { INSTITUTION_ACCENT: 'blue' })).toBeDefined()
  })
})
