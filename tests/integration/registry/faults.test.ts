import { request } from 'node:http'
import { describe, expect, test } from 'vitest'
import { ADA, addFault, CALLBACK, readAdminState, setUpRegistry } from './trial'
import { authorizeUrl, exchange, getCode, getTokens, locationOf, postForm, readClaims, Visitor } from './visitor'

const trial = setUpRegistry()

test('a fault meets as many requests as it was told, and is over when cleared', async () => {
  const jwks = async () => (await fetch(`${trial.url}/oauth/jwks`)).status
  await addFault(trial, { on: 'jwks', fault: 'unavailable_503', times: 2 })
  expect([await jwks(), await jwks(), await jwks()]).toEqual([503, 503, 200])
  await addFault(trial, { on: 'jwks', fault: 'html_500', times: 0 })
  expect([await jwks(), await jwks()]).toEqual([500, 500])
  await fetch(`${trial.url}/_admin/faults`, { method: 'DELETE' })
  expect(await jwks()).toBe(200)
})

test('an unknown fault, or one at the wrong place, is refused', async () => {
  expect((await addFault(trial, { on: 'token', fault: 'explode' })).status).toBe(400)
  expect((await addFault(trial, { on: 'revoke', fault: 'wrong_sub' })).status).toBe(400)
  expect((await addFault(trial, { on: 'token', fault: 'nothing' })).status).toBe(400)
})

describe('error answers', () => {
  test.each([
    ['html_500', 500, 'text/html'],
    ['unavailable_503', 503, 'text/html'],
    ['too_many_429', 429, 'text/plain'],
  ])('%s answers %i without processing the request', async (fault, status, type) => {
    const code = await getCode(trial)
    await addFault(trial, { on: 'token', fault })
    const answer = await exchange(trial, code)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('Content-Type')).toContain(type)
    expect((await readAdminState(trial)).tokenRequests).toMatchObject([{ code, outcome: 'not processed', fault }])
    expect((await exchange(trial, code)).status).toBe(200)
  })

  test('html_500 with issued has issued the token all the same', async () => {
    await addFault(trial, { on: 'token', fault: 'html_500', issued: true })
    expect((await exchange(trial, await getCode(trial))).status).toBe(500)
    const { tokens, tokenRequests } = await readAdminState(trial)
    expect(tokens).toMatchObject([{ live: true }])
    expect(tokenRequests).toMatchObject([{ outcome: 'issued', fault: 'html_500' }])
  })

  test('they can be met at revoke, userinfo and authorize as well', async () => {
    for (const on of ['revoke', 'userinfo', 'authorize']) await addFault(trial, { on, fault: 'html_500' })
    expect((await postForm(trial, '/oauth/revoke', { token: 'x' })).status).toBe(500)
    expect((await fetch(`${trial.url}/oauth/userinfo`)).status).toBe(500)
    expect((await fetch(authorizeUrl(trial))).status).toBe(500)
    expect((await readAdminState(trial)).revokeRequests).toMatchObject([{ token: 'x', outcome: 'not processed' }])
  })
})

describe('on the wire', () => {
  /** What arrives before the connection closes; fetch would hide it. */
  function readRaw(code: string) {
    return new Promise<{ length: number; text: string; complete: boolean }>((resolve, reject) => {
      const body = new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: 'APP-MEMBER0000000001',
        client_secret: 'member+secret:with %signs',
        redirect_uri: CALLBACK,
        code,
      }).toString()
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
      const sent = request(`${trial.url}/oauth/token`, { method: 'POST', headers, agent: false }, (answer) => {
        let text = ''
        answer.on('data', (chunk) => {
          text += chunk
        })
        answer.on('error', () => {})
        answer.on('close', () =>
          resolve({ length: Number(answer.headers['content-length']), text, complete: answer.complete }),
        )
      })
      sent.on('error', reject)
      sent.end(body)
    })
  }

  test.each([0, 1, 70])(
    'cut closes the connection after %i bytes of a longer body, with the token issued',
    async (n) => {
      await addFault(trial, { on: 'token', fault: 'cut', afterBytes: n })
      const { length, text, complete } = await readRaw(await getCode(trial))
      expect(complete).toBe(false)
      expect(text).toHaveLength(n)
      expect(length).toBeGreaterThan(200)
      const { tokens } = await readAdminState(trial)
      expect(tokens).toMatchObject([{ live: true }])
      if (n === 70) expect(text).toContain(tokens[0]?.accessToken)
    },
  )

  test('a cut answer is an error for fetch', async () => {
    await addFault(trial, { on: 'token', fault: 'cut' })
    const answer = await exchange(trial, await getCode(trial))
    expect(answer.status).toBe(200)
    await expect(answer.json()).rejects.toThrow()
  })

  test('torn JSON is a complete answer that does not parse', async () => {
    await addFault(trial, { on: 'token', fault: 'torn_json' })
    const { text, complete, length } = await readRaw(await getCode(trial))
    expect(complete).toBe(true)
    expect(text).toHaveLength(length)
    expect(() => JSON.parse(text)).toThrow()
    expect(text).toContain((await readAdminState(trial)).tokens[0]?.accessToken)
  })

  test('slow processes at once and answers late, also when nobody waits for it any more', async () => {
    await addFault(trial, { on: 'token', fault: 'slow', delayMs: 1500 })
    const code = await getCode(trial)
    const startedAt = Date.now()
    const answering = exchange(trial, code)
    await expect.poll(async () => (await readAdminState(trial)).tokens.length, { timeout: 1200 }).toBe(1)
    expect((await answering).status).toBe(200)
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(1490)

    await addFault(trial, { on: 'revoke', fault: 'slow', delayMs: 60_000 })
    const signal = AbortSignal.timeout(200)
    await expect(fetch(`${trial.url}/oauth/revoke`, { method: 'POST', signal })).rejects.toThrow()
  })
})

describe('in the token answer', () => {
  const tokensWith = async (fault: string) => {
    await addFault(trial, { on: 'token', fault })
    return getTokens(trial)
  }

  test('expires_in_string makes the number a text', async () => {
    expect((await tokensWith('expires_in_string')).expires_in).toBe('631138518')
  })

  test('fewer_scopes leaves one of the permissions out, in the token too', async () => {
    const { scope } = await tokensWith('fewer_scopes')
    expect(scope.split(' ').sort()).toEqual(['/activities/update', 'openid'])
    expect((await readAdminState(trial)).tokens[0]?.scopes).toEqual(['/activities/update', 'openid'])
  })

  test('extra_fields adds some that no document mentions', async () => {
    expect(await tokensWith('extra_fields')).toHaveProperty('invented.list')
  })

  test('wrong_sub puts somebody else into the id_token', async () => {
    const { id_token, orcid } = await tokensWith('wrong_sub')
    expect(orcid).toBe(ADA)
    expect(readClaims(id_token).sub).not.toBe(ADA)
  })

  test('wrong_nonce returns another nonce', async () => {
    expect(readClaims((await tokensWith('wrong_nonce')).id_token).nonce).toBe('not-a nonce')
  })

  test('no_id_token leaves the id_token out', async () => {
    expect(await tokensWith('no_id_token')).not.toHaveProperty('id_token')
  })
})

describe('at authorize', () => {
  test.each([
    ['invalid_scope', `${CALLBACK}#error=invalid_scope`],
    ['nothing', CALLBACK],
    ['server_error', `${CALLBACK}?error=server_error&state=a%20state`],
  ])('%s sends the person back at once to %s', async (fault, location) => {
    await addFault(trial, { on: 'authorize', fault })
    const answer = await new Visitor().go(authorizeUrl(trial))
    expect(answer.headers.get('Location')).toBe(location)
    expect(locationOf(answer, trial.url).searchParams.has('code')).toBe(false)
  })
})

describe('the controls', () => {
  const askAs = (host: string) =>
    new Promise<number>((resolve, reject) => {
      request(`${trial.url}/_admin/state`, { headers: { Host: host } }, (answer) => {
        answer.resume()
        resolve(answer.statusCode ?? 0)
      })
        .on('error', reject)
        .end()
    })

  test('answer only under a name of this machine', async () => {
    expect(await askAs('localhost:1')).toBe(200)
    expect(await askAs('[::1]:1')).toBe(200)
    for (const host of ['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example', '10.0.0.1']) {
      expect(await askAs(host), host).toBe(403)
    }
  })

  test('take no fault that a form on a web page could send', async () => {
    const answer = await fetch(`${trial.url}/_admin/faults`, {
      method: 'POST',
      headers: { 'Content-Type': 'text/plain' },
      body: JSON.stringify({ on: 'jwks', fault: 'html_500' }),
    })
    expect(answer.status).toBe(415)
    expect((await fetch(`${trial.url}/oauth/jwks`)).status).toBe(200)
  })

  test('forget tokens, requests and sign-ins but not the key', async () => {
    const before = await (await fetch(`${trial.url}/oauth/jwks`)).text()
    const visitor = new Visitor()
    await visitor.authorize(authorizeUrl(trial))
    await getTokens(trial)
    await fetch(`${trial.url}/_admin/state`, { method: 'DELETE' })
    expect(await readAdminState(trial)).toEqual({
      tokenRequests: [],
      revokeRequests: [],
      userinfoRequests: [],
      tokens: [],
    })
    expect(await (await visitor.go(authorizeUrl(trial))).text()).toContain('name="orcid"')
    expect(await (await fetch(`${trial.url}/oauth/jwks`)).text()).toBe(before)
  })
})
