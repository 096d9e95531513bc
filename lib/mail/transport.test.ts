import { describe, expect, test } from 'vitest'
import { envelopeSender, toReason } from '@/lib/mail/transport'

const error = (code: string, more: object = {}, message = '') => Object.assign(new Error(message), { code, ...more })

describe('why a mail did not go out', () => {
  test.each([
    [error('EENVELOPE', { responseCode: 550, response: '550 5.1.1 <anna@example.org> unknown' }), '5.1.1'],
    [error('EENVELOPE', { responseCode: 550, response: '550-5.7.26 Unauthenticated\n550 5.7.26 more' }), '5.7.26'],
    [error('EENVELOPE', { responseCode: 451, response: '451 try later' }), '451'],
    [error('EAUTH', { responseCode: 535, response: '535 5.7.8 concord is unknown' }), 'login'],
    [error('ETLS'), 'tls'],
    [error('ESOCKET', {}, 'self-signed certificate'), 'tls'],
    [error('ESOCKET', {}, 'connect ECONNREFUSED 127.0.0.1:9'), 'unreachable'],
    [error('EDNS'), 'unreachable'],
    [error('ETIMEDOUT'), 'timeout'],
    [error('ECONNECTION'), 'cut'],
    [error('ESOMETHING'), 'error'],
  ])('is a status or a word, and never the sentence of the server: %s', (given, reason) => {
    expect(toReason(given)).toBe(reason)
  })
})

test('the envelope sender names the mail where bounces have an address, and is the sender otherwise', () => {
  const from = { name: null, address: 'orcid@example.org' }
  const id = '9d0c5d3e-1f7b-4a55-8f5c-2f6a7a1b9c3d'
  expect(envelopeSender(id, { bounce: null, from })).toBe('orcid@example.org')
  const bounce = { address: 'bounces@mail.example.org', imapUrl: null }
  expect(envelopeSender(id, { bounce, from })).toBe(`bounces+${id}@mail.example.org`)
})
