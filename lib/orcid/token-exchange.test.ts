import { describe, expect, test } from 'vitest'
import { describeForeignAnswer } from './answer'
import { idTokenRequest, judgeIdTokenAnswer } from './token-exchange'
import type { OrcidAnswer } from './transport'

const headers = {
  location: null,
  retryAfter: null,
  date: null,
  contentType: 'application/json;charset=UTF-8',
  contentEncoding: null,
  server: null,
  via: null,
}
const answer = (status: number, body: unknown): OrcidAnswer => ({
  kind: 'answered',
  status,
  body: JSON.stringify(body),
  headers,
})
const judge = (status: number, error: string, error_description?: string) =>
  judgeIdTokenAnswer(answer(status, { error, error_description }))
const issued_token_type = 'urn:ietf:params:oauth:token-type:id_token'
const grant = 'urn:ietf:params:oauth:grant-type:token-exchange'

describe('the answer to an exchange', () => {
  test('is an id_token only where ORCID names it one', () => {
    expect(judgeIdTokenAnswer(answer(200, { access_token: 'a.b.c', token_type: 'N_A', issued_token_type }))).toEqual({
      kind: 'issued',
      idToken: 'a.b.c',
    })
    for (const body of [
      { access_token: 'a.b.c', token_type: 'bearer' },
      { access_token: 'not-a-jwt', issued_token_type },
      {},
    ]) {
      expect(judgeIdTokenAnswer(answer(200, body))).toEqual({ kind: 'unavailable', reason: 'foreign' })
    }
  })

  test('says in the words of both servers that our client may not', () => {
    const said = [
      judge(400, 'invalid_request', `Client does not have ${grant} enabled`),
      judge(400, 'invalid_request', `Client has not ${grant} enabled`),
      judge(400, 'unsupported_grant_type'),
      judge(401, 'unauthorized_client'),
    ]
    expect(said).toEqual(said.map(() => ({ kind: 'not_offered' })))
  })

  test('says that the token is dead, and everything else decides nothing', () => {
    for (const text of ['access_token does not exist or is disabled', 'access_token has expired'])
      expect(judge(400, 'invalid_request', text)).toEqual({ kind: 'token_refused' })
    expect(judge(401, 'invalid_client')).toEqual({ kind: 'refused', status: 401, error: 'invalid_client' })
    expect(judge(400, 'invalid_request', 'Something else')).toMatchObject({ kind: 'refused' })
    expect(judge(403, 'invalid_request', 'access_token has expired')).toMatchObject({ kind: 'unavailable' })
    expect(judge(503, 'unauthorized_client')).toEqual({ kind: 'unavailable', reason: 'server_error' })
    expect(judgeIdTokenAnswer({ kind: 'not_sent' })).toEqual({ kind: 'unavailable', reason: 'not_sent' })
  })
})

test('A foreign answer that quotes our token is described without it', () => {
  const client = { issuer: 'https://orcid.org', clientId: 'APP-1', clientSecret: 'secret' }
  const said = describeForeignAnswer('token', idTokenRequest(client, 'short-token'), {
    status: 200,
    body: '<title>short-token was blocked</title>',
    headers: { ...headers, contentType: 'text/html' },
  })
  expect(said.title).toBe('[…] was blocked')
})
