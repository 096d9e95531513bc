import { request } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { callApi, employment, readItems } from './record-api'
import { ADA, addFault, MEMBER, readAdminState, setUpRegistry } from './trial'
import { exchange, getCode, getTokens, postForm } from './visitor'

const trial = setUpRegistry()
const CREDENTIALS = { client_id: MEMBER.id, client_secret: MEMBER.secret }

/** The bytes as they come; fetch would unpack them. */
function readRaw(path: string) {
  return new Promise<{ status: number; encoding: string | undefined; bytes: Buffer }>((resolve, reject) => {
    request(`${trial.url}${path}`, { agent: false }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk) => chunks.push(chunk))
      answer.on('end', () => {
        const { statusCode: status = 0, headers } = answer
        resolve({ status, encoding: headers['content-encoding'], bytes: Buffer.concat(chunks) })
      })
    })
      .on('error', reject)
      .end()
  })
}

describe('a foreign answer', () => {
  const ask: Record<string, () => Promise<Response>> = {
    token: () => exchange(trial, 'AbC123'),
    jwks: () => fetch(`${trial.url}/oauth/jwks`),
    revoke: () => postForm(trial, '/oauth/revoke', { ...CREDENTIALS, token: 'x' }),
    userinfo: () => fetch(`${trial.url}/oauth/userinfo`),
    api: () => fetch(`${trial.url}/v3.0/${ADA}/record`),
  }

  test.each(Object.keys(ask))('stands in for the one of %s, in every form and with every status', async (on) => {
    const forms = [
      ['html', 403, 'text/html', 'blocked by your organization'],
      ['gzip', 400, 'text/html', 'blocked by your organization'],
      ['json', 200, 'application/json', '{"message":"Forbidden by policy"}'],
      ['oauth_error', 400, 'application/json', '"error":"policy_violation"'],
      ['text', 200, 'text/plain', 'OK'],
      ['text', 511, 'text/plain', 'OK'],
      ['html', 204, null, ''],
    ] as const
    for (const [form, status, type, body] of forms) {
      expect((await addFault(trial, { on, fault: 'foreign', form, status })).status).toBe(201)
      const answer = await ask[on]?.()
      expect(answer?.status).toBe(status)
      if (type) expect(answer?.headers.get('Content-Type')).toContain(type)
      expect(await answer?.text()).toContain(body)
    }
  })

  test('in gzip is packed although nobody asked for it', async () => {
    await addFault(trial, { on: 'jwks', fault: 'foreign', form: 'gzip', status: 200 })
    const { status, encoding, bytes } = await readRaw('/oauth/jwks')
    expect([status, encoding]).toEqual([200, 'gzip'])
    expect(gunzipSync(bytes).toString()).toContain('blocked by your organization')
  })

  test('to an exchange leaves the code unused, or has used it when issued', async () => {
    const code = await getCode(trial)
    await addFault(trial, { on: 'token', fault: 'foreign', form: 'json', status: 403 })
    expect((await exchange(trial, code)).status).toBe(403)
    expect((await readAdminState(trial)).tokens).toEqual([])
    await addFault(trial, { on: 'token', fault: 'foreign', form: 'json', status: 403, issued: true })
    expect((await exchange(trial, code)).status).toBe(403)
    expect((await readAdminState(trial)).tokens).toMatchObject([{ live: true }])
  })

  test('of 200 to a revocation leaves the token live, unless issued', async () => {
    const { access_token: token } = await getTokens(trial)
    for (const [issued, live] of [
      [false, true],
      [true, false],
    ]) {
      await addFault(trial, { on: 'revoke', fault: 'foreign', form: 'text', status: 200, issued })
      const answer = await postForm(trial, '/oauth/revoke', { ...CREDENTIALS, token })
      expect([answer.status, await answer.text()]).toEqual([200, 'OK'])
      expect((await readAdminState(trial)).tokens).toMatchObject([{ live }])
    }
  })

  test('to a write leaves the record alone, or has written when issued', async () => {
    const { access_token: token } = await getTokens(trial)
    const before = (await readItems(trial, ADA)).length
    for (const [issued, added] of [
      [false, 0],
      [true, 1],
    ] as const) {
      await addFault(trial, { on: 'api', fault: 'foreign', method: 'POST', issued })
      const answer = await callApi(trial, token, `${ADA}/employment`, { method: 'POST', body: employment() })
      expect([answer.status, answer.headers.get('Content-Type')]).toEqual([403, 'text/html;charset=UTF-8'])
      expect((await readItems(trial, ADA)).length).toBe(before + added)
    }
  })
})
