import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { parseDatabaseUrl } from '@/lib/config/database-url'
import { databaseClient } from '@/lib/database/connection'
import { makeSelfSigned } from '@/tests/support/self-signed'

const directory = mkdtempSync(join(tmpdir(), 'concord-url-'))
const { cert, key } = makeSelfSigned()
const file = (name: string, content: string) => {
  const path = join(directory, name)
  writeFileSync(path, content)
  return path
}
const root = file('root.pem', cert)
const ownKey = file('own.key', key)
const empty = file('empty.pem', 'nothing')
afterAll(() => rmSync(directory, { recursive: true }))

const base = 'postgresql://concord:geheim@db.example.org/concord'
const parse = (parameters: string) => parseDatabaseUrl(parameters ? `${base}?${parameters}` : base)
/** What Node is told: null without TLS, otherwise whether chain and host are checked. */
function tlsOf(parameters: string) {
  const address = parse(parameters)
  if ('fault' in address) return address.fault
  const { tls } = address
  return tls && { chain: tls.rejectUnauthorized, host: tls.checkServerIdentity === undefined, ca: tls.ca === cert }
}

describe('the TLS of a database URL', () => {
  test.each([
    ['', 'prefer', { chain: false, host: false, ca: false }],
    ['sslmode=disable', 'disable', null],
    ['sslmode=allow', 'allow', { chain: false, host: false, ca: false }],
    ['sslmode=prefer', 'prefer', { chain: false, host: false, ca: false }],
    ['sslmode=require', 'require', { chain: false, host: false, ca: false }],
    ['ssl=true', 'require', { chain: false, host: false, ca: false }],
    [`sslmode=require&sslrootcert=${root}`, 'require', { chain: true, host: false, ca: true }],
    ['sslmode=verify-ca', 'verify-ca', { chain: true, host: false, ca: false }],
    [`sslmode=verify-ca&sslrootcert=${root}`, 'verify-ca', { chain: true, host: false, ca: true }],
    ['sslmode=verify-full', 'verify-full', { chain: true, host: true, ca: false }],
    [`sslmode=verify-full&sslrootcert=${root}`, 'verify-full', { chain: true, host: true, ca: true }],
    ['sslrootcert=system', 'verify-full', { chain: true, host: true, ca: false }],
    ['sslmode=verify-full&sslrootcert=system', 'verify-full', { chain: true, host: true, ca: false }],
  ])('%s is %s as libpq means it', (parameters, sslMode, tls) => {
    expect(parse(parameters)).toMatchObject({ sslMode })
    expect(tlsOf(parameters)).toEqual(tls)
  })

  test('has the client’s certificate where both parts are named', () => {
    expect(parse(`sslmode=require&sslcert=${root}&sslkey=${ownKey}`)).toMatchObject({ tls: { cert, key } })
  })

  test.each(['postgresql:///concord?host=/var/run/postgresql', 'postgresql://concord@%2Fvar%2Frun/concord'])(
    'is none on a socket of this machine: %s',
    (url) => expect(parseDatabaseUrl(url)).toMatchObject({ tls: null }),
  )

  test('leaves the driver nothing to misread, and everything else', () => {
    const parameters = `sslmode=require&uselibpqcompat=true&sslrootcert=${root}&application_name=x&options=-c%20a%3Db`
    expect(parse(parameters)).toMatchObject({ connectionString: `${base}?application_name=x&options=-c%20a%3Db` })
  })
})

describe('a fault of a database URL', () => {
  test.each([
    ['sslmode=no-verify', 'sslmode'],
    ['sslmode=', 'sslmode'],
    ['sslmode=require&sslrootcert=system', 'sslmode=verify-full'],
    ['sslmode=verify-full&sslrootcert=root.pem', 'not absolute'],
    ['sslmode=verify-full&sslrootcert=/nowhere/root.pem', 'cannot be read'],
    [`sslmode=verify-full&sslrootcert=${directory}`, 'cannot be read'],
    [`sslmode=verify-full&sslrootcert=${empty}`, 'no certificate'],
    [`sslmode=require&sslcert=${root}`, 'sslkey'],
    ['sslmode=disable&sslmode=verify-full', 'sslmode twice'],
    [`sslmode=require&sslcert=${root}&sslkey=/nowhere/own.key`, 'cannot be read'],
  ])('%s is told', (parameters, words) => {
    expect(parse(parameters)).toEqual({ fault: expect.stringContaining(words) })
  })

  test.each([
    ['mysql://concord@db/concord', 'postgresql://'],
    ['postgresql://concord:ge/heim@db/concord', '%2F'],
    ['postgresql://concord:ge#heim@db/concord', '%23'],
  ])('is an address that is none, told without the password: %s', (url, words) => {
    const address = parseDatabaseUrl(url)
    expect(address).toEqual({ fault: expect.stringContaining(words) })
    expect(JSON.stringify(address)).not.toContain('heim')
    expect(() => databaseClient(url)).toThrow(words)
  })
})

test.each([
  ['postgresql://concord@[2001:db8::7]:6543/concord', { host: '2001:db8::7', port: 6543 }],
  ['postgresql://concord@[::1]/concord?sslmode=disable', { host: '::1', port: 5432 }],
  ['postgresql://c%40x:p%2Fw@db.example.org/concord', { host: 'db.example.org', user: 'c@x', password: 'p/w' }],
  ['postgresql://concord@localhost/concord?host=/cloudsql/p:r:i', { host: '/cloudsql/p:r:i' }],
])('a client of %s goes there', (url, target) => {
  const { host, port, user, password } = databaseClient(url)
  expect({ host, port, user, password }).toMatchObject(target)
})
