import { expect, test } from 'vitest'
import { answerHeaders } from '@/tests/support/answer-headers'
import { type ApiRequest, processApiAnswer } from './api'
import type { AnswerHeaders } from './transport'

const token = '67884cd3-f4ca-4195-9d38-b9d5ccc16d5f'
const orcid = '0000-0002-1825-0097'
const get: ApiRequest = { method: 'GET', path: `/${orcid}/record`, token }
const help = 'https://members.orcid.org/api/resources/troubleshooting'

const refusal = 'Forbidden: The server understood the request but refuses to authorize it.'
const foreign = { kind: 'unavailable', reason: 'foreign', mayHaveArrived: true }

const errorOf = (status: number, code: number, text: string) =>
  JSON.stringify({
    'response-code': status,
    'developer-message': text,
    'user-message': 'The client application is not authorized.',
    'error-code': code,
    'more-info': help,
  })

type SentRequest = Pick<ApiRequest, 'method' | 'path'>

function judge(status: number, body: string, headers: Partial<AnswerHeaders> = {}, asked: SentRequest = get) {
  const answer = { kind: 'answered', status, body, headers: answerHeaders(headers) } as const
  return processApiAnswer(answer, { ...asked, token })
}

test.each([
  [401, { error: 'invalid_token', error_description: `Invalid access token: ${token}` }, { kind: 'invalid_token' }],
  [403, { error: 'forbidden', error_description: refusal }, { kind: 'client_refused' }],
  [403, { error: 'forbidden', error_description: `${refusal}: ${token}` }, { kind: 'client_refused' }],
])('what the layer of tokens says with %i is read', (status, body, outcome) => {
  expect(judge(status, JSON.stringify(body))).toEqual(outcome)
})

test.each([
  [401, 9017, '401 Unauthorized: … Access token is for a different record', { kind: 'wrong_record' }],
  [401, 9015, 'One of the provided scopes is not allowed.', { kind: 'insufficient_scope' }],
  [403, 9004, '403 Forbidden: Insufficient or wrong scope.', { kind: 'insufficient_scope' }],
  [403, 9038, "409 Conflict: … doesn't have the required scope.", { kind: 'insufficient_scope' }],
  [404, 9016, '404 Not Found: The resource was not found.', { kind: 'not_found' }],
  [409, 9018, `409 Conflict: The ORCID record is locked. ORCID ${orcid}`, { kind: 'locked' }],
  [409, 9044, '409 Conflict: The ORCID record is deactivated and cannot be edited.', { kind: 'deactivated' }],
  [500, 9008, '', { kind: 'unavailable', reason: 'server_error', mayHaveArrived: true }],
])('status %i with code %i is what ORCID documents', (status, code, text, outcome) => {
  expect(judge(status, errorOf(status, code, text))).toEqual(outcome)
})

test('a merged record names the iD that it was merged into, by its address or by its text', () => {
  const primary = '0000-0001-5109-3700'
  const text = `301 Moved Permanently: This account is deprecated. Please refer to account: https://sandbox.orcid.org/${primary}. ORCID https://sandbox.orcid.org/${orcid}`
  const location = `https://api.sandbox.orcid.org/v3.0/${primary}/record`
  const deprecated = { kind: 'deprecated', primaryOrcid: primary }
  expect(judge(301, errorOf(301, 9007, text))).toEqual(deprecated)
  expect(judge(301, errorOf(301, 9007, 'This account is deprecated.'), { location })).toEqual(deprecated)
  expect(judge(409, errorOf(409, 9007, text), { location })).toEqual(deprecated)
  expect(judge(409, errorOf(409, 9007, `This account is deprecated. ORCID ${orcid}`))).toEqual({
    kind: 'deprecated',
    primaryOrcid: null,
  })
  expect(judge(301, errorOf(301, 9007, ''), { location: '/v3.0/0000-0001-5109-3701/record' })).toEqual({
    kind: 'deprecated',
    primaryOrcid: null,
  })
})

test('an item that is there already comes with its put-code', () => {
  const text = '409 Conflict: You have already added this activity (matched by external identifiers), please see'
  expect(judge(409, errorOf(409, 9021, `${text} element with put-code 1234. If you are trying`))).toEqual({
    kind: 'conflict',
    putCode: '1234',
  })
  expect(judge(409, errorOf(409, 9021, text))).toEqual({ kind: 'conflict', putCode: null })
})

test('what ORCID refuses is told in its words, without the token or anything that looks like one', () => {
  const other = '4470D1FF-c817-45c1-86d1-b9062669c7cb'
  const reason = `400 Bad Request: invalid date:\n2026-02-31 ${token} ${other}`
  const outcome = judge(400, errorOf(400, 9049, reason))
  expect(outcome).toEqual({
    kind: 'invalid',
    errorCode: 9049,
    reason: '400 Bad Request: invalid date: 2026-02-31 […] […]',
    status: 400,
  })
  expect(judge(403, errorOf(403, 9013, 'x'.repeat(5_000)))).toMatchObject({ kind: 'invalid', errorCode: 9013 })
  expect(JSON.stringify(judge(403, errorOf(403, 9013, 'x'.repeat(5_000)))).length).toBeLessThan(600)
  expect(judge(413, '<html>413</html>')).toMatchObject({ kind: 'invalid', errorCode: null })
})

test('being asked to slow down says until when, where ORCID says so', () => {
  expect(judge(503, '<html>503</html>')).toEqual({ kind: 'rate_limited', retryAfterMs: null })
  expect(judge(429, 'Too Many Requests.', { retryAfter: '7' })).toEqual({ kind: 'rate_limited', retryAfterMs: 7_000 })
  expect(judge(503, '', { retryAfter: '999999999' })).toEqual({ kind: 'rate_limited', retryAfterMs: 900_000 })
  const inYears = new Date(Date.now() + 9 * 365 * 86_400_000).toUTCString()
  expect(judge(503, '', { retryAfter: inYears })).toEqual({ kind: 'rate_limited', retryAfterMs: 900_000 })
  expect(judge(503, '', { retryAfter: 'soon' })).toEqual({ kind: 'rate_limited', retryAfterMs: null })
  expect(judge(503, '', { retryAfter: new Date(0).toUTCString() })).toEqual({ kind: 'rate_limited', retryAfterMs: 0 })
})

test.each([
  ['a page of HTML', 401, '<html>Sign in to the hotel</html>'],
  ['a page of HTML', 404, '<html>Not found</html>'],
  ['JSON of something else', 404, '{"message":"no Route matched with those values"}'],
  ['another error of OAuth', 401, '{"error":"invalid_client"}'],
  ['a token error with another status', 403, '{"error":"invalid_token"}'],
  ['a token error in the words of a gateway', 401, '{"error":"invalid_token","error_description":"The token expired"}'],
  ['a token error without words', 401, '{"error":"invalid_token"}'],
  ['a token error about another token', 401, '{"error":"invalid_token","error_description":"Invalid access token: x"}'],
  ['a refusal in the words of a gateway', 403, '{"error":"forbidden","error_description":"Blocked by policy"}'],
  ['a code with another status', 500, errorOf(500, 9017, 'x')],
  ['a code with another status', 200, '<html>Maintenance</html>'],
  ['a redirect to elsewhere', 302, ''],
  ['a redirect without a code', 301, ''],
  ['a torn body', 409, errorOf(409, 9044, 'deactivated').slice(0, -5)],
  ['nothing at all', 200, ''],
  ['a list', 200, '[]'],
])('%s with status %i decides nothing', (_, status, body) => {
  expect(judge(status, body, { location: 'https://maintenance.example.org/' })).toMatchObject({ kind: 'unavailable' })
})

const employment = `/${orcid}/employment`
const created = { location: `https://api.orcid.org/v3.0${employment}/1234` }

test.each([
  ['GET', employment, 200, '{}', {}],
  ['POST', employment, 201, '', created],
  ['POST', employment, 201, '', { ...created, contentType: null }],
  ['PUT', `${employment}/1234`, 200, '{"put-code":1234}', {}],
  ['DELETE', `${employment}/1234`, 204, '', { contentType: null }],
] as const)('%s %s succeeds with %i', (method, path, status, body, headers) => {
  expect(judge(status, body, headers, { method, path })).toMatchObject({ kind: 'ok', status })
})

test.each([
  ['GET', employment, 200, '{}', { contentType: 'text/html' }],
  ['GET', employment, 200, '{}', { contentEncoding: 'gzip' }],
  ['GET', employment, 203, '{}', {}],
  ['GET', employment, 204, '', {}],
  ['POST', employment, 200, '{}', created],
  ['POST', employment, 201, '', {}],
  ['POST', employment, 201, 'OK', created],
  ['POST', employment, 201, '', { location: 'https://api.orcid.org/v3.0/blocked' }],
  ['POST', employment, 201, '', { location: `https://api.orcid.org/v3.0/${orcid}/education/1234` }],
  ['PUT', `${employment}/1234`, 200, '{}', {}],
  ['PUT', `${employment}/1234`, 200, '{"put-code":1235}', {}],
  ['PUT', `${employment}/1234`, 204, '', {}],
  ['DELETE', `${employment}/1234`, 200, '', {}],
  ['DELETE', `${employment}/1234`, 204, 'OK', {}],
] as const)('%s %s with %i %j and %j has not been heard by ORCID for sure', (method, path, status, body, headers) => {
  expect(judge(status, body, headers, { method, path })).toEqual(foreign)
})

test('that the API cannot ask its own authorization server is an outage, and says nothing about the token', () => {
  const description = `Invalid access token: Unable to obtain information from the authorization server: ${token}`
  expect(judge(401, JSON.stringify({ error: 'invalid_token', error_description: description }))).toEqual({
    kind: 'unavailable',
    reason: 'authorization_server_away',
    mayHaveArrived: true,
  })
})

test('an error of ORCID’s that is not labelled as JSON is somebody else’s', () => {
  const dead = JSON.stringify({ error: 'invalid_token', error_description: `Invalid access token: ${token}` })
  for (const [status, body] of [
    [401, dead],
    [404, errorOf(404, 9016, 'x')],
    [409, errorOf(409, 9044, 'x')],
  ] as const)
    expect(judge(status, body, { contentType: 'text/html' })).toEqual(foreign)
})
