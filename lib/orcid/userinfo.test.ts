import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Answer, type AnsweringApi, startAnsweringApi } from '@/tests/support/answering-api'
import { askUserinfo } from './userinfo'

const token = '67884cd3-f4ca-4195-9d38-b9d5ccc16d5f'
const orcid = '0000-0002-1825-0097'
const person = { id: `https://orcid.org/${orcid}`, sub: orcid, name: null, family_name: null, given_name: null }
const refusal = { error: 'access_denied', 'error-description': 'access_token is invalid' }
const html = { 'content-type': 'text/html', server: 'Gate' }
const foreign = { kind: 'unavailable', reason: 'foreign' }

let server: AnsweringApi
const reported: unknown[] = []
const report = (message: unknown) => void reported.push(message)

beforeAll(async () => {
  server = await startAnsweringApi()
  subscribe('concord:foreign', report)
})
afterAll(() => {
  unsubscribe('concord:foreign', report)
  return server.close()
})
beforeEach(() => void reported.splice(0))

async function ask(answer: Answer) {
  server.next(answer)
  return askUserinfo({ issuer: server.url }, token)
}

test('a living token is asked about with a bearer header, and gives the iD that it belongs to', async () => {
  expect(await ask({ status: 200, body: person })).toEqual({ kind: 'person', orcid })
  expect(server.asked.at(-1)).toMatchObject({ method: 'GET', path: '/oauth/userinfo', body: '' })
  expect(server.asked.at(-1)?.headers.authorization).toBe(`Bearer ${token}`)
  expect(reported).toEqual([])
})

test('only the refusal that ORCID words itself counts as one', async () => {
  expect(await ask({ status: 403, body: refusal })).toEqual({ kind: 'refused' })
  const others: Answer[] = [
    { status: 403, body: { error: 'access_denied', error_description: 'Access to this site is blocked' } },
    { status: 403, body: { error: 'forbidden', 'error-description': '' } },
    { status: 403, body: refusal, headers: { 'content-type': 'text/plain' } },
    { status: 403, body: refusal, headers: { 'content-encoding': 'gzip' } },
    { status: 403, text: '<html><title>Access blocked</title></html>', headers: html },
    { status: 401, body: refusal },
    { status: 200, body: refusal },
  ]
  for (const other of others) expect(await ask(other)).toEqual(foreign)
  expect(reported).toHaveLength(others.length)
})

test('a 200 counts only as JSON with a valid iD', async () => {
  expect(await ask({ status: 200, body: { ...person, sub: '0000-0002-1825-0098' } })).toEqual(foreign)
  expect(await ask({ status: 200, body: {} })).toEqual(foreign)
  expect(await ask({ status: 200, text: JSON.stringify(person), headers: html })).toEqual(foreign)
  expect(await ask({ status: 302, headers: { location: 'https://portal.example.org/login' } })).toEqual(foreign)
})

test('an outage says nothing about a token, and is nobody else’s answer', async () => {
  for (const status of [429, 500, 502, 503])
    expect(await ask({ status, text: '<html>', headers: html })).toEqual({
      kind: 'unavailable',
      reason: 'server_error',
    })
  expect(await ask('cut')).toEqual({ kind: 'unavailable', reason: 'cut' })
  expect(reported).toEqual([])
})

test('what is reported of a page names who made it, and neither a token nor an iD', async () => {
  const text = `<html><head><title>\n Access to ${orcid} blocked (${token}) </title></head></html>`
  await ask({ status: 403, text, headers: html })
  expect(reported).toEqual([
    {
      endpoint: 'userinfo',
      status: 403,
      contentType: 'text/html',
      server: 'Gate',
      title: 'Access to […] blocked ([…])',
    },
  ])
})
