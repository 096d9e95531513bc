import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isKnownPrivate, isReachable } from '@/lib/webhooks/address-guard'
import { type PostOptions, postEvent } from '@/lib/webhooks/post'
import { findDelayS, triedForMs } from '@/lib/webhooks/schedule'
import { type Receiver, startReceiver } from '@/tests/support/webhook-receiver'

let receiver: Receiver

beforeAll(async () => {
  receiver = await startReceiver()
})
afterAll(() => receiver.close())

const post = (options: Partial<PostOptions> = {}, url = receiver.url) =>
  postEvent(
    url,
    { body: '{}', headers: {} },
    { ca: receiver.cert, allowed: ['127.0.0.0/8'], resolve: async () => ['127.0.0.1'], timeoutMs: 300, ...options },
  )

describe('the guard', () => {
  test.each([
    '10.0.0.1',
    '172.16.3.4',
    '192.168.1.1',
    '127.0.0.1',
    '0.0.0.0',
    '169.254.169.254',
    '100.64.0.1',
    '100.100.100.200',
    '192.0.0.192',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fd00:ec2::254',
    '::ffff:10.0.0.1',
    '::ffff:127.0.0.1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    'ff02::1',
    'no-address',
  ])('refuses %s', (address) => {
    expect(isReachable(address, [])).toBe(false)
  })

  test('knows before anything is sent which hosts it refuses, and nothing of a name that is not found', async () => {
    const nowhere = () => Promise.reject(new Error('ENOTFOUND'))
    expect(await isKnownPrivate('localhost', { allowed: [] })).toBe(true)
    expect(await isKnownPrivate('[::1]', { allowed: [] })).toBe(true)
    expect(await isKnownPrivate('localhost', { allowed: ['127.0.0.0/8', '::1/128'] })).toBe(false)
    expect(await isKnownPrivate('receiver.example.org', { allowed: [], resolve: nowhere })).toBe(false)
  })

  test.each(['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946'])('reaches %s', (address) => {
    expect(isReachable(address, [])).toBe(true)
  })

  test('reaches a private address that is allowed', () => {
    expect(isReachable('10.1.2.3', ['10.1.2.0/24'])).toBe(true)
    expect(isReachable('10.1.3.3', ['10.1.2.0/24'])).toBe(false)
    expect(isReachable('::ffff:10.1.2.3', ['10.1.2.0/24'])).toBe(true)
  })

  test('a host that resolves to a private address the second time is not reached', async () => {
    const answers = [['93.184.216.34'], ['127.0.0.1']]
    const resolve = async () => answers.shift() ?? ['127.0.0.1']
    // The first answer is the one that is connected to, so nothing of this machine is.
    expect((await post({ allowed: [], resolve })).isDelivered).toBe(false)
    expect(await post({ allowed: [], resolve })).toEqual({ isDelivered: false, answer: 'private_address' })
    expect(receiver.bodies).toEqual([])
  })

  test('one private address among others is enough to refuse', async () => {
    const resolve = async () => ['93.184.216.34', '10.0.0.1']
    expect(await post({ allowed: [], resolve })).toMatchObject({ answer: 'private_address' })
  })

  test.each([
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://[::ffff:7f00:1]/',
  ])('%s is not reached', async (url) => {
    expect(await post({ allowed: [], resolve: undefined }, url)).toMatchObject({ answer: 'private_address' })
  })

  test('http is not used', async () => {
    const url = receiver.url.replace('https', 'http')
    expect(await post({}, url)).toEqual({ isDelivered: false, answer: 'not_https' })
  })
})

describe('a receiver', () => {
  const cases = [
    ['answers 200 after the time limit', (r) => void setTimeout(() => r.writeHead(200).end(), 600), false, 'timeout'],
    ['redirects', (r) => r.writeHead(302, { Location: 'https://localhost/elsewhere' }).end(), false, '302'],
    ['closes', (r) => r.destroy(), false, 'closed'],
    ['answers 201', (r) => r.writeHead(201).end('ok'), true, '201'],
    ['begins an answer and never ends it', (r) => void r.writeHead(200).write('a'), false, 'timeout'],
    [
      'sends headers without end',
      (r) => r.writeHead(200, { 'X-Long': 'a'.repeat(100_000) }).end(),
      false,
      'unreachable',
    ],
  ] as [string, NonNullable<Receiver['state']['answer']>, boolean, string][]

  test.each(cases)('that %s', async (_name, answer, isDelivered, said) => {
    receiver.state.answer = answer
    expect(await post()).toEqual({ isDelivered, answer: said })
  })

  test('that sends 1 GB is not read beyond 64 kB', async () => {
    let sent = 0
    receiver.state.answer = (response) => {
      response.writeHead(200)
      const part = Buffer.alloc(65_536)
      const write = () => {
        while (sent < 1_000_000_000 && !response.destroyed) {
          sent += part.length
          if (!response.write(part)) return void response.once('drain', write)
        }
      }
      write()
    }
    expect(await post({ timeoutMs: 5_000 })).toEqual({ isDelivered: true, answer: '200' })
    expect(sent).toBeLessThan(20_000_000)
  })

  test('whose certificate nobody vouches for gets nothing', async () => {
    receiver.bodies.length = 0
    expect(await post({ ca: undefined })).toEqual({ isDelivered: false, answer: 'certificate' })
    expect(receiver.bodies).toEqual([])
  })

  test('is only reached at the name of its certificate', async () => {
    const url = receiver.url.replace('localhost', 'other.example')
    expect(await post({}, url)).toEqual({ isDelivered: false, answer: 'certificate' })
  })
})

test('tries become rarer, and there are many of them in three days', () => {
  let [seconds, tries] = [0, 0]
  for (; seconds * 1_000 < triedForMs; tries++) seconds += findDelayS(tries + 1, 0.5)
  expect(tries).toBeGreaterThan(10)
  expect(findDelayS(1, 0.5)).toBe(5)
  expect(findDelayS(50, 0.5)).toBe(36_000)
})
