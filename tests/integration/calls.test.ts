import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { system } from '@/lib/actor'
import { acquireSlot, delaySlots } from '@/lib/calls/api-slots'
import type { OrcidCall } from '@/lib/calls/call'
import { callOrcid } from '@/lib/calls/commands'
import { checkByUserinfo } from '@/lib/calls/userinfo'
import { keyRing } from '@/lib/installation/commands'
import { makeStaffActor } from '@/tests/support/actors'
import { answeringPerFile } from '@/tests/support/answering-per-file'
import { addSealedGrants } from '@/tests/support/sealed-grants'

const token = '67884cd3-f4ca-4195-9d38-b9d5ccc16d5f'
const orcid = '0000-0002-1825-0097'
const staff = makeStaffActor({ orcid })
const refused = (refusedToken: string) => ({
  status: 401,
  body: { error: 'invalid_token', error_description: `Invalid access token: ${refusedToken}` },
})

const { given, rows } = answeringPerFile()

const shift = (by: string) => given.client.query(`update orcid_rate_limit set next_slot_at = next_slot_at + ${by}`)

const call = (changes: Partial<OrcidCall> = {}): OrcidCall => ({
  method: 'GET',
  path: `/${orcid}/record`,
  token,
  researcherId: null,
  purpose: 'read',
  ...changes,
})
const post = call({ method: 'POST', path: `/${orcid}/employment`, body: {}, purpose: 'affiliation' })

describe('what is written down', () => {
  test('a call leaves who asked what about whom, why, and what came of it, and neither token nor body', async () => {
    const [person] = await addSealedGrants(given.client, keyRing(), 1)
    const researcherId = person?.researcherId ?? ''
    await callOrcid(staff, call({ researcherId }))
    given.api.next(refused(token))
    await callOrcid(system, call({ researcherId, purpose: 'check' }))
    const found = await rows('select * from orcid_call order by id')
    expect(found).toMatchObject([
      {
        actor_kind: 'staff',
        actor_id: staff.kind === 'staff' && staff.staffId,
        purpose: 'read',
        researcher_id: researcherId,
        method: 'GET',
        path: `/${orcid}/record`,
        outcome: 'ok',
        status: 200,
        tries: 1,
      },
      { actor_kind: 'system', actor_id: null, purpose: 'check', outcome: 'invalid_token', status: 401 },
    ])
    expect(JSON.stringify(found)).not.toContain(token)
  })

  test('ORCID’s number of an error is kept, and its words reach the caller without the token', async () => {
    const text = `400 Bad request: invalid date: 2026-02-31 ${token}`
    given.api.next({
      status: 400,
      body: { 'response-code': 400, 'developer-message': text, 'error-code': 9049, 'user-message': 'Invalid date' },
    })
    const outcome = await callOrcid(system, post)
    expect(outcome).toEqual({
      kind: 'invalid',
      errorCode: 9049,
      reason: '400 Bad request: invalid date: 2026-02-31 […]',
      status: 400,
    })
    expect(await rows('select outcome, error_code, status from orcid_call')).toEqual([
      { outcome: 'invalid', error_code: 9049, status: 400 },
    ])
  })

  test('what ORCID answered reaches the caller also when the person was erased meanwhile', async () => {
    expect(await callOrcid(system, call({ researcherId: randomUUID() }))).toMatchObject({ kind: 'ok' })
    expect(await rows('select 1 from orcid_call')).toEqual([])
  })
})

describe('asking whose a token is', () => {
  test('leaves a row of the check, and neither the token nor a name', async () => {
    const [person] = await addSealedGrants(given.client, keyRing(), 1)
    const about = { researcherId: person?.researcherId ?? '' }
    given.api.next({ status: 200, body: { sub: orcid, name: 'Ada' } })
    expect(await checkByUserinfo(system, about, token)).toEqual({ kind: 'person', orcid })
    given.api.next({ status: 403, body: { error: 'access_denied', 'error-description': 'access_token is invalid' } })
    expect(await checkByUserinfo(system, about, token)).toEqual({ kind: 'refused' })
    given.api.next({ status: 403, body: {} })
    expect(await checkByUserinfo(system, about, token)).toEqual({ kind: 'unavailable', reason: 'foreign' })
    const found = await rows('select purpose, method, path, outcome, status from orcid_call order by id')
    const row = { purpose: 'check', method: 'GET', path: '/oauth/userinfo' }
    expect(found).toEqual([
      { ...row, outcome: 'ok', status: 200 },
      { ...row, outcome: 'invalid_token', status: 403 },
      { ...row, outcome: 'unavailable', status: null },
    ])
    expect(JSON.stringify(await rows('select * from orcid_call'))).not.toContain(token)
  })
})

describe('repeating', () => {
  test('reading, replacing and deleting that break off are done again', async () => {
    given.api.next('cut', 'cut', 'cut')
    const calls = [call(), call({ method: 'PUT', body: {} }), call({ method: 'DELETE' })]
    const outcomes = await Promise.all(calls.map((each) => callOrcid(system, each)))
    expect(outcomes.map(({ kind }) => kind)).toEqual(['ok', 'ok', 'ok'])
    expect(given.api.asked).toHaveLength(6)
    expect(await rows('select sum(tries)::int as tries from orcid_call')).toEqual([{ tries: 6 }])
  })

  test('a POST that ORCID may have read is never made again', async () => {
    given.api.next('cut')
    expect(await callOrcid(system, post)).toEqual({ kind: 'unavailable', reason: 'cut', mayHaveArrived: true })
    given.api.next({ status: 503 })
    expect(await callOrcid(system, post)).toEqual({ kind: 'rate_limited', retryAfterMs: null })
    expect(given.api.asked).toHaveLength(2)
  })

  test('a page that something else answers with is asked for again when reading, and after a POST it may have arrived', async () => {
    const blocked = { status: 403, text: '<html>Blocked</html>', headers: { 'content-type': 'text/html' } }
    given.api.next(blocked)
    expect(await callOrcid(system, call())).toMatchObject({ kind: 'ok' })
    given.api.next(blocked)
    expect(await callOrcid(system, post)).toEqual({ kind: 'unavailable', reason: 'foreign', mayHaveArrived: true })
    expect(given.api.asked).toHaveLength(3)
  })

  test('an answer is an answer: whatever ORCID says about the call is not asked twice', async () => {
    for (const error of [9017, 9016, 9018, 9044]) {
      const status = { 9017: 401, 9016: 404, 9018: 409, 9044: 409 }[error] ?? 0
      given.api.next({ status, body: { 'response-code': status, 'developer-message': '', 'error-code': error } })
      await callOrcid(system, call())
    }
    expect(given.api.asked).toHaveLength(4)
  })

  test('it is tried three times, and then that ORCID may have heard is not forgotten', async () => {
    given.api.next('cut', { status: 500 }, { status: 502 })
    expect(await callOrcid(system, call({ method: 'DELETE' }))).toMatchObject({
      kind: 'unavailable',
      mayHaveArrived: true,
    })
    expect(given.api.asked).toHaveLength(3)
  })
})

describe('keeping ORCID’s pace', () => {
  test('those who come at once from everywhere are given turns a twentieth of a second apart', async () => {
    const turns = await Promise.all(Array.from({ length: 60 }, () => acquireSlot()))
    const waits = turns.map((turn) => (turn.kind === 'go' ? turn.waitMs : Number.NaN)).sort((a, b) => a - b)
    // Eight at once after silence; the last of the rest comes as many twentieths later, less what it took to ask.
    expect(waits.slice(0, 8).every((waitMs) => waitMs <= 50)).toBe(true)
    expect(waits.at(-1)).toBeLessThanOrEqual(52 * 50)
    expect(waits.at(-1)).toBeGreaterThan(52 * 50 - 1_500)
  })

  test('calls are spread over time, whoever makes them', async () => {
    await Promise.all(Array.from({ length: 24 }, () => callOrcid(system, call())))
    const at = given.api.asked.map(({ at }) => at)
    expect(Math.max(...at) - Math.min(...at)).toBeGreaterThan(15 * 50 - 100)
    expect(given.api.asked).toHaveLength(24)
  })

  test('never more than eight are under way', async () => {
    given.api.always('good', 600)
    await Promise.all(Array.from({ length: 17 }, () => callOrcid(system, call())))
    expect(given.api.asked).toHaveLength(17)
    expect(given.api.atOnceMax).toBeLessThanOrEqual(8)
    expect(given.api.atOnceMax).toBeGreaterThan(4)
  })

  test('when ORCID asks for a second of peace, everybody gives it', async () => {
    given.api.next({ status: 503, headers: { 'retry-after': '1' } })
    const first = callOrcid(system, call())
    await expect.poll(() => given.api.asked.length).toBe(1)
    await expect
      .poll(async () => (await rows('select 1 from orcid_rate_limit where next_slot_at > now()')).length)
      .toBe(1)
    await Promise.all([first, callOrcid(system, call())])
    const [began = 0, ...later] = given.api.asked.map(({ at }) => at)
    expect(later).toHaveLength(2)
    for (const at of later) expect(at - began).toBeGreaterThanOrEqual(990)
  })

  test('a wait that nobody would sit through is told instead, and nothing is asked', async () => {
    await acquireSlot()
    await delaySlots(60_000)
    const outcome = await callOrcid(system, call())
    expect(outcome).toMatchObject({ kind: 'rate_limited' })
    expect(outcome.kind === 'rate_limited' && outcome.retryAfterMs).toBeGreaterThan(50_000)
    expect(given.api.asked).toEqual([])
    expect(await rows('select 1 from orcid_call')).toEqual([])
    await shift("- interval '60 seconds'")
    expect(await callOrcid(system, call())).toMatchObject({ kind: 'ok' })
  })

  test('no wait is longer than 15 minutes, whatever the database remembers', async () => {
    await acquireSlot()
    await shift("interval '9 years'")
    expect(await callOrcid(system, call())).toMatchObject({ kind: 'rate_limited' })
    await shift("- interval '15 minutes'")
    expect(await callOrcid(system, call())).toMatchObject({ kind: 'ok' })
  })
})

describe('an outage', () => {
  const away = { kind: 'unavailable', reason: 'circuit_open', mayHaveArrived: false }
  const waitOut = () =>
    given.client.query("update orcid_rate_limit set circuit_open_until = now() - interval '1 second'")
  const shut = async () => {
    given.api.always('cut')
    for (let times = 0; times < 8; times++) await callOrcid(system, post)
    given.api.always('good', 50)
  }

  test('after eight failures in a row nobody asks, and everybody is told at once', async () => {
    await shut()
    expect(await callOrcid(system, call())).toEqual(away)
    expect(given.api.asked).toEqual([])
  })

  test('an answer in between, whatever it says, and the count begins anew', async () => {
    given.api.always('cut')
    for (let times = 0; times < 7; times++) await callOrcid(system, post)
    given.api.next(refused(token), 'cut')
    expect(await callOrcid(system, post)).toEqual({ kind: 'invalid_token' })
    await callOrcid(system, post)
    expect(await rows('select failures, circuit_open_until from orcid_rate_limit')).toEqual([
      { failures: 1, circuit_open_until: null },
    ])
  })

  test('after a while one tries for all, and with its success the circuit closes', async () => {
    await shut()
    await waitOut()
    const outcomes = await Promise.all([1, 2, 3].map(() => callOrcid(system, call())))
    expect(outcomes.filter(({ kind }) => kind === 'ok')).toHaveLength(1)
    expect(outcomes.filter(({ kind }) => kind === 'unavailable')).toHaveLength(2)
    expect(given.api.asked).toHaveLength(1)
    expect(await callOrcid(system, call())).toMatchObject({ kind: 'ok' })
  })

  test('when the one that tries fails, the circuit stays open', async () => {
    await shut()
    await waitOut()
    given.api.always('cut')
    expect(await callOrcid(system, post)).toMatchObject({ reason: 'cut' })
    expect(await callOrcid(system, call())).toEqual(away)
    expect(given.api.asked).toHaveLength(1)
  })
})
