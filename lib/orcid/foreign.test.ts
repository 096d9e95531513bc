import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Answer, type AnsweringApi, startAnsweringApi } from '@/tests/support/answering-api'
import type { OrcidClient } from './client'
import { exchangeCode, revokeToken } from './oauth'

const token = '67884cd3-f4ca-4195-9d38-b9d5ccc16d5f'
const blocked: Answer = {
  status: 403,
  text: '<html><title>Access blocked</title></html>',
  headers: { 'content-type': 'text/html' },
}
const ok: Answer = { status: 200, text: 'OK', headers: { 'content-type': 'text/plain' } }
const dead: Answer = { status: 403, body: { error: 'access_denied', 'error-description': 'access_token is invalid' } }
const stillUnknown = { kind: 'unavailable', reason: 'foreign' }

let gateway: AnsweringApi
let client: OrcidClient

beforeAll(async () => {
  gateway = await startAnsweringApi()
  client = { issuer: gateway.url, clientId: 'APP-1', clientSecret: 'a-client-secret' }
})
afterAll(() => gateway.close())
beforeEach(() => gateway.always(blocked))

test('a page that a filtering proxy answers an exchange with is no refusal: the code may have been used', async () => {
  const outcome = await exchangeCode(client, { code: 'AbC123', redirectUri: 'https://portal.example.org/cb' })
  expect(outcome).toEqual({ kind: 'unknown', reason: 'foreign', accessToken: null })
  expect(gateway.asked).toHaveLength(1)
})

test('a page that a filtering proxy answers a revocation with is no refusal, and asks nothing further', async () => {
  expect(await revokeToken(client, token)).toEqual(stillUnknown)
  expect(gateway.asked).toHaveLength(1)
})

test('a revocation answered by 200 with anything in it is not done, whatever userinfo says of the token', async () => {
  gateway.next(ok, dead)
  expect(await revokeToken(client, token)).toEqual(stillUnknown)
  expect(gateway.asked.map(({ path }) => path)).toEqual(['/oauth/revoke'])
})
