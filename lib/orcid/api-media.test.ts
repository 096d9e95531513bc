import { expect, test } from 'vitest'
import { processApiAnswer } from '@/lib/orcid/api'
import type { OrcidAnswer } from '@/lib/orcid/transport'

const token = '5b2c1d8e-6d0a-4f1b-9a57-2f6d8f6f1c11'
const none = { location: null, retryAfter: null, date: null, contentEncoding: null, server: null, via: null }
const judge = (status: number, body: string, contentType: string, accept = 'application/xml') =>
  processApiAnswer({ kind: 'answered', status, body, headers: { ...none, contentType } } satisfies OrcidAnswer, {
    method: 'GET',
    path: '/0000-0002-1825-0097/works',
    token,
    accept,
  })
const error = (status: number, code: number, text = 'Sorry') =>
  `<?xml version="1.0"?><error:error xmlns:error="http://www.orcid.org/ns/error">
  <error:response-code>${status}</error:response-code><error:developer-message>${text}</error:developer-message>
  <error:error-code>${code}</error:error-code></error:error>`

test('an answer of the wanted type stays text as it was sent', () => {
  const body = '<activities:works path="/0000-0002-1825-0097/works"/>'
  expect(judge(200, body, 'application/xml;charset=UTF-8')).toEqual({ kind: 'ok', status: 200, body, location: null })
})

test.each([
  ['of another type', '<html></html>', 'text/html'],
  ['in JSON where XML was asked for', '{}', 'application/json'],
  ['with the token in it', `<x>${token}</x>`, 'application/xml'],
])('an answer %s is not ORCID’s', (_what, body, type) => {
  expect(judge(200, body, type)).toMatchObject({ kind: 'unavailable', reason: 'foreign' })
})

test('an error in XML means what it means in JSON, and its words lose the token', () => {
  const type = 'application/vnd.orcid+xml;charset=UTF-8'
  expect(judge(404, error(404, 9016), type)).toEqual({ kind: 'not_found' })
  expect(judge(409, error(409, 9018), type)).toEqual({ kind: 'locked' })
  expect(judge(301, error(301, 9007, 'Please refer to account: 0000-0001-5109-3700.'), type)).toEqual({
    kind: 'deprecated',
    primaryOrcid: '0000-0001-5109-3700',
  })
  expect(judge(403, error(403, 9013, `No: ${token}`), type)).toEqual({
    kind: 'invalid',
    errorCode: 9013,
    reason: 'No: […]',
    status: 403,
  })
  for (const [status, body, label] of [
    [404, '<error>9016</error>', type],
    [404, error(404, 9018), type],
    [404, error(404, 9016), 'text/html'],
  ] as const)
    expect(judge(status, body, label)).toMatchObject({ kind: 'unavailable', reason: 'foreign' })
})
