import { expect, test } from 'vitest'
import { meaningOf } from '@/lib/trials/explain'
import { findScopeProblems, readScopes } from '@/lib/trials/scopes'
import { toCurl, traceAnswer, traceRequest } from '@/lib/trials/trace'

const headers = {
  location: null,
  retryAfter: null,
  date: null,
  contentType: null,
  contentEncoding: null,
  server: null,
  via: null,
}
const request = {
  method: 'POST' as const,
  url: 'https://orcid.org/oauth/token',
  body: new URLSearchParams({ client_id: 'APP-1', client_secret: 's+c/r t', code: 'aB9*x', scope: '/a /b' }).toString(),
}
const answered = (status: number, body: string, type = 'application/json') =>
  traceAnswer(
    { kind: 'answered', status, body, headers, rawHeaders: ['Content-Type', type, 'Set-Cookie', 'session=secret'] },
    ['s+c/r t'],
  )

test('a request is shown as a command that can be pasted, without its secrets', () => {
  const text = toCurl(traceRequest(request, ['s+c/r t', 'aB9*x']))
  expect(text).toContain(`--data-urlencode 'client_secret=••••••'`)
  expect(text).toContain(`--data-urlencode 'code=••••••'`)
  expect(text).toContain(`--data-urlencode 'scope=/a /b'`)
  expect(text).not.toMatch(/s\+c|s%2Bc|aB9/)
})

test('a quote in a value does not end the quotes of the command', () => {
  const quoted = { ...request, body: new URLSearchParams({ name: `it's` }).toString() }
  expect(toCurl(traceRequest(quoted, []))).toContain(`'name=it'\\''s'`)
})

test.each([
  '{"access_token":"11111111-2222","refresh_token":"3333","id_token":"ey.J.x","name":"Ada"}',
  '{"access_token" : "11111111-2222","refresh_token":"3333","id_token":"ey',
  '{"error":"invalid_token","error_description":"Invalid access token: s+c/r t"}',
])('an answer is shown without tokens and secrets, whole or torn: %s', (body) => {
  const shown = JSON.stringify(answered(200, body))
  expect(shown).not.toMatch(/1111|3333|ey\.J|"ey|s\+c|session=secret/)
})

test.each([
  [answered(400, '{"error":"invalid_grant"}'), 'error_invalid_grant'],
  [answered(200, '{"access_token":"x"}'), 'status_200'],
  [answered(204, ''), 'status_204'],
  [answered(502, '<html>', 'text/html'), 'not_json'],
  [answered(418, '{}'), 'unknown'],
  [{ kind: 'not_sent' } as const, 'not_sent'],
  [{ kind: 'not_asked', reason: 'held' } as const, 'not_asked_held'],
  [traceAnswer({ kind: 'torn', reason: 'timeout', status: null, body: '', headers }, []), 'torn_timeout'],
])('an answer is explained by its error, its form or its status', (answer, meaning) => {
  expect(meaningOf(answer)).toBe(meaning)
})

test('a scope that cannot be asked for is told with the reason, and one that can is not', () => {
  const askable = ['openid', '/authenticate']
  const problems = findScopeProblems(readScopes('openid,/read-limited+/webhook%20/x authenticate'), askable)
  expect(problems.map(({ scope, problem }) => [scope, problem])).toEqual([
    ['/read-limited', 'not_for_us'],
    ['/webhook', 'two_legged'],
    ['/x', 'unknown'],
    ['authenticate', 'no_slash'],
  ])
})
