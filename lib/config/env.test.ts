import { randomBytes } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { listDoubts, parseEnv } from '@/lib/config/env'
import { variables } from '@/lib/config/env-variables'
import { formatFaults } from '@/lib/config/fault'
import { settableVariables } from '@/lib/config/settings'

const key = randomBytes(32).toString('base64')
const complete = {
  DATABASE_URL: 'postgresql://concord@db.example.org/concord',
  NEXTAUTH_URL: 'https://concord.example.org',
  NEXTAUTH_SECRET: randomBytes(32).toString('base64'),
  ORCID_REGISTRY: 'sandbox',
  ORCID_CLIENT_ID: 'APP-0123456789ABCDEF',
  ORCID_CLIENT_SECRET: '5d7c1f2e-6f0b-4a55-8f5c-2f6a7a1b9c3d',
  TOKEN_KEYS: `k1:${key}`,
  INSTITUTION_NAME: 'University of Example',
  SUPPORT_EMAIL: 'orcid@example.org',
}

function read(changes: Record<string, string | undefined> = {}) {
  const result = parseEnv({ ...complete, ...changes })
  return 'env' in result ? { ...result, faults: [] } : { ...result, env: null }
}

const faultOf = (variable: string, changes: Record<string, string | undefined>) =>
  read(changes).faults.find((fault) => fault.variable === variable)?.fault

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

describe('the mail server and what mail needs', () => {
  const mail = {
    SMTP_URL: 'smtp://concord:geheim@mail.example.org:587',
    MAIL_FROM: 'Library <orcid@example.org>',
    INSTITUTION_EMAIL_DOMAINS: 'example.org',
  }

  test('are none unless they are given, and then have defaults', () => {
    expect(read().env).toMatchObject({ mail: null, invitationDays: 30 })
    expect(read(mail).env?.mail).toEqual({
      smtp: { url: mail.SMTP_URL },
      from: { name: 'Library', address: 'orcid@example.org' },
      replyTo: 'orcid@example.org',
      domains: ['example.org'],
      allowed: [],
      perDay: 2_000,
      bounce: null,
      webhookSecret: null,
    })
  })

  test.each([
    ['"Library, the" <orcid@example.org>', { name: 'Library, the', address: 'orcid@example.org' }],
    ['Bücherei <orcid@example.org>', { name: 'Bücherei', address: 'orcid@example.org' }],
    ['orcid@example.org', { name: null, address: 'orcid@example.org' }],
    ['<orcid@lib.example.org>', { name: null, address: 'orcid@lib.example.org' }],
  ])('take the sender %j', (given, from) => {
    expect(read({ ...mail, MAIL_FROM: given }).env?.mail?.from).toEqual(from)
  })

  test.each([
    ['SMTP_URL', 'mail.example.org', 'does not begin with smtp:// or smtps://'],
    ['SMTP_URL', 'smtp://concord@mail.example.org', 'needs a user and a password'],
    ['SMTP_URL', 'smtp://concord:ge/heim@mail.example.org', 'is not an address'],
    ['SMTP_URL', 'smtp://concord:geheim@mail.example.org/inbox', 'has a path'],
    ['SMTP_URL', 'smtp://concord:100%geheim@mail.example.org', 'has a % that'],
    ['MAIL_FROM', 'Library <orcid@example.org>\r\nBcc: all@example.org', 'has a line break'],
    ['MAIL_FROM', 'Library\nBcc: all <orcid@example.org>', 'has a line break'],
    ['MAIL_FROM', 'orcid@bücherei.example.org', 'has letters outside ASCII'],
    ['MAIL_FROM', 'orcid@example.com', 'is not at a domain of the institution'],
    ['MAIL_FROM', undefined, 'is missing'],
    ['MAIL_REPLY_TO', 'orcid@example.org\nBcc: all@example.org', 'has a line break'],
    ['MAIL_ALLOWED', 'me@example.org you', 'neither an address nor @ and a domain: you'],
    ['MAIL_DOMAINS', 'ex_ample.org', 'not a domain'],
    ['MAIL_PER_DAY', '0', 'is less than 1'],
    ['MAIL_BOUNCE_ADDRESS', `${'b'.repeat(28)}@example.org`, 'more than 27 characters'],
    ['MAIL_BOUNCE_ADDRESS', 'bounces+1@example.org', 'has a + before the @'],
    ['MAIL_BOUNCE_URL', 'imap://concord:geheim@mail.example.org', 'for a loopback address'],
    ['MAIL_WEBHOOK_SECRET', 'geheim', 'is shorter than 32 characters'],
    ['MAIL_WEBHOOK_SECRET', complete.NEXTAUTH_SECRET, 'is the same as NEXTAUTH_SECRET'],
    ['INVITATION_DAYS', '181', 'is more than 180 days'],
  ])('refuse %s=%j', (variable, value, words) => {
    const bounces = { MAIL_BOUNCE_ADDRESS: 'bounces@example.org' }
    const { faults } = read({ ...mail, ...bounces, [variable]: value })
    expect(faults).toMatchObject([{ variable, fault: expect.stringContaining(words), mend: expect.any(String) }])
    expect(formatFaults(faults)).not.toMatch(/geheim|concord:/)
  })

  test('need a domain to send to, and an address where a mailbox for bounces is read', () => {
    expect(faultOf('MAIL_DOMAINS', { ...mail, INSTITUTION_EMAIL_DOMAINS: undefined })).toContain('nobody would get')
    const domains = { INSTITUTION_EMAIL_DOMAINS: undefined, MAIL_DOMAINS: 'mail.example.org example.org' }
    expect(read({ ...mail, ...domains }).env?.mail?.domains).toEqual(['mail.example.org', 'example.org'])
    expect(faultOf('MAIL_BOUNCE_ADDRESS', { MAIL_BOUNCE_URL: 'imaps://a:b@mail.example.org' })).toContain('is missing')
  })
})

describe('the logo and the languages', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'concord-logo-'))
  const write = (name: string, content: string | Buffer) => {
    writeFileSync(path.join(folder, name), content)
    return path.join(folder, name)
  }
  const drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 10"><rect width="30" height="10"/></svg>'
  const header = '<?xml version="1.0"?>\n<!-- drawn -->\n<!DOCTYPE svg PUBLIC "a" "b" [<!ENTITY x "y">]>\n'
  const png = Buffer.concat([
    Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
    Buffer.from([0, 0, 0, 60, 0, 0, 0, 40]),
  ])

  test.each([
    ['SVG', drawing, 'image/svg+xml', 3],
    ['SVG with a header', `\ufeff${header}${drawing}`, 'image/svg+xml', 3],
    ['PNG', png, 'image/png', 1.5],
  ])('takes an %s, with its shape', (name, content, type, ratio) => {
    const { env } = read({ INSTITUTION_LOGO: write(name, content), INSTITUTION_LOGO_DARK: write('dark', drawing) })
    expect(env?.institution.logo).toMatchObject({ type, ratio })
    expect(env?.institution.logoDark).toMatchObject({ ratio: 3 })
  })

  test.each([
    ['that is none', 'not a drawing', 'is neither SVG nor PNG'],
    ['that is a page with a drawing in it', `<html>${drawing}</html>`, 'is neither SVG nor PNG'],
    ['without a viewBox', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', 'without a viewBox'],
    ['with an empty viewBox', '<svg viewBox="0 0 0 9"/>', 'without a viewBox'],
    ['that is a PNG cut off', png.subarray(0, 12), 'broken PNG'],
    ['above 200 kB', drawing + ' '.repeat(200_000), 'more than 200 kB'],
  ])('refuses a file %s, and says what to do', (_what, content, words) => {
    const [fault] = read({ INSTITUTION_LOGO: write('refused', content) }).faults
    expect(fault).toMatchObject({ variable: 'INSTITUTION_LOGO', fault: expect.stringContaining(words) })
    expect(fault?.mend).toContain('at most 200 kB')
  })

  test('refuses a file that cannot be read, and a logo for dark pages alone', () => {
    expect(faultOf('INSTITUTION_LOGO', { INSTITUTION_LOGO: '/nowhere.svg' })).toContain('cannot be read')
    const alone = { INSTITUTION_LOGO_DARK: write('alone', drawing) }
    expect(faultOf('INSTITUTION_LOGO_DARK', alone)).toContain('without INSTITUTION_LOGO')
  })

  test('offers every translation, or those that are named in their order', () => {
    expect(read().env?.institution.languages).toEqual(['en', 'es'])
    expect(read({ INSTITUTION_LANGUAGES: 'es, en es' }).env?.institution.languages).toEqual(['es', 'en'])
    expect(faultOf('INSTITUTION_LANGUAGES', { INSTITUTION_LANGUAGES: 'es ../en' })).toContain('not there: ../en')
  })
})

describe('a configuration that may be a mistake', () => {
  const doubtsOf = (lines: string, environment: Record<string, string> = {}) => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'concord-env-')), '.env')
    writeFileSync(file, lines)
    return listDoubts({ ...environment, CONCORD_ENV_FILE: file }).map(({ variable, fault }) => `${variable} ${fault}`)
  }

  test.each([
    ['INSTITUTION_ACCENT=#ffff00', 'INSTITUTION_ACCENT is empty in .env, because its value begins with #'],
    ['METRICS_TOKEN=abc#def', 'METRICS_TOKEN is cut in .env at a #'],
    ['INSTITUTION_NAME=Example University # Spain', 'INSTITUTION_NAME is cut in .env at a #'],
    ['WORKER=none\nWORKER=inline', 'WORKER stands twice in .env'],
    ['ORCID_CLIENTID=APP-1', 'ORCID_CLIENTID is not a variable that is read'],
    ['INSTITUTION_TIMEZONE=Europe/Madrid', 'INSTITUTION_TIMEZONE is not a variable that is read'],
  ])('is noticed: %j', (lines, words) => {
    expect(doubtsOf(`${lines}\n`)).toEqual([expect.stringContaining(words)])
  })

  test('names the variable that was meant, also from the environment', () => {
    const [doubt] = listDoubts({ NEXTAUTH_SECRETS: 'x', CONCORD_ENV_FILE: '/nowhere' })
    expect(doubt).toMatchObject({ variable: 'NEXTAUTH_SECRETS', mend: 'did you mean NEXTAUTH_SECRET?' })
  })

  test('is not suspected where values are quoted, and in what others put into the environment', () => {
    const lines = `INSTITUTION_ACCENT="#ffff00"\nexport INSTITUTION_NAME='A # B'\nPRIVACY_URL="a\nWORKER=#\nb"\n# WORKER=#\n`
    const usual = {
      PATH: '/bin',
      HOME: '/',
      HTTP_PROXY: 'x',
      http_proxy: 'x',
      LOGNAME: 'x',
      HOSTNAME: 'x',
      PORT: '1',
      TZ: 'UTC',
    }
    expect(doubtsOf(lines, usual)).toEqual([])
  })

  test('is nowhere in .env.example', () => {
    expect(listDoubts({ CONCORD_ENV_FILE: '.env.example' })).toEqual([])
  })
})
