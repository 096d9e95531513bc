import { describe, expect, test } from 'vitest'
import { connect, decideAtOrcid, until } from '@/tests/support/journey'
import { startPortal } from '@/tests/support/portal'
import { stackPerFile } from '@/tests/support/stack-per-file'
import type { Answer, Visitor } from '@/tests/support/visitor'

const ada = '0000-0099-9458-0735'
const noor = '0000-0099-4262-1291'
const place = stackPerFile()
const wide = ['/activities/update', '/person/update', '/read-limited', 'openid']
const narrow = ['/read-limited', 'openid']

/** Confirms that nothing but these shall be permitted any more, and gives where that leads. */
const permitOnly = (visitor: Visitor, keep: string[], portal = place.stack.portal) =>
  visitor.post(
    `${portal.url}/me/narrowing`,
    keep.map((scope): [string, string] => ['keep', scope]),
  )
const resultOf = ({ location }: Answer) => new URL(location ?? '', place.stack.portal.url).searchParams.get('result')

const grants = () =>
  place.rows(
    `select g.state, g.scopes, g.superseded_by_id is not null as replaced from "grant" g
     join researcher r on r.id = g.researcher_id where r.orcid = $1 order by g.granted_at`,
    [ada],
  )
const liveScopes = async () => (await place.rows('select live_scopes from researcher where orcid = $1', [ada]))[0]
const liveAtOrcid = async () => (await place.liveTokens()).map(({ scopes }) => scopes.toSorted())
const refreshes = async () =>
  (await place.stack.registry.state()).tokenRequests.filter(({ grantType }) => grantType === 'refresh_token').length
const read = async (visitor: Visitor, path: string) => (await visitor.get(`${place.stack.portal.url}${path}`)).body

/** As if the minute after which recovery takes over were gone by. */
async function recoverNow() {
  await place.rows(`update authorization_attempt set claimed_at = claimed_at - interval '61 seconds'`)
  await place.rows(`select graphile_worker.add_job('recover', '{}'::json)`)
}
const outcome = () =>
  place.rows(`select state, outcome from authorization_attempt where purpose = 'narrow_in_place' order by started_at`)

describe('permitting less without a trip to ORCID', () => {
  test('leaves one permission with what was kept, the same session, and no wider token at ORCID', async () => {
    const { visitor } = await connect(place.stack, { orcid: ada })
    const answer = await permitOnly(visitor, ['/read-limited'])
    expect([answer.status, place.pathOf(answer.location), resultOf(answer)]).toEqual([303, '/me/narrowed', 'narrowed'])
    expect(await grants()).toEqual([
      { state: 'superseded', scopes: wide, replaced: true },
      { state: 'live', scopes: narrow, replaced: false },
    ])
    expect(await liveScopes()).toEqual({ live_scopes: narrow })
    await until('the wider token is dead', async () => (await place.liveTokens()).length === 1)
    expect(await liveAtOrcid()).toEqual([narrow])
    const me = await read(visitor, '/me')
    expect(me).toContain('You gave up a part of what you had permitted')
    expect(me).toContain('Permitting less, here')
    const [call] = await place.rows(`select actor_kind, purpose, outcome from orcid_call where path = '/oauth/token'`)
    expect(call).toEqual({ actor_kind: 'researcher', purpose: 'narrow', outcome: 'ok' })
    expect(await place.rows('select 1 from session where ended_at is not null')).toEqual([])
  })

  test('down to the iD alone leaves somebody who is signed in and connected with nothing else', async () => {
    const { visitor } = await connect(place.stack, { orcid: ada })
    expect(resultOf(await permitOnly(visitor, []))).toBe('narrowed')
    expect(await place.rows('select state, live_scopes from researcher')).toEqual([
      { state: 'identity_only', live_scopes: ['openid'] },
    ])
  })

  test('needs no new token where a narrower one stands beside the wider one', async () => {
    const { visitor } = await connect(place.stack, { orcid: ada })
    await connect(place.stack, { orcid: ada, scopes: ['/read-limited'] }, visitor)
    expect(resultOf(await permitOnly(visitor, ['/read-limited']))).toBe('narrowed')
    expect(await refreshes()).toBe(0)
    expect((await grants()).map(({ state }) => state)).toEqual(['withdrawn_here', 'live'])
    await until('the wider token is dead', async () => (await place.liveTokens()).length === 1)
    expect(resultOf(await permitOnly(visitor, ['/read-limited']))).toBe('unchanged')
  })

  test('never keeps a token that permits more than what was kept, whatever ORCID says', async () => {
    const { visitor } = await connect(place.stack, { orcid: ada })
    await place.stack.registry.addFault({ on: 'token', fault: 'all_scopes' })
    expect(resultOf(await permitOnly(visitor, ['/read-limited']))).toBe('connect-again')
    expect(await grants()).toEqual([{ state: 'live', scopes: wide, replaced: false }])
    await until('the new token is dead', async () => (await place.liveTokens()).length === 1)
  })

  test('gives nothing to anybody who asks for more than they permit, or is not signed in', async () => {
    const { visitor } = await connect(place.stack, { orcid: ada, scopes: ['/read-limited'] })
    expect((await permitOnly(visitor, ['/activities/update'])).status).toBe(400)
    const start = await visitor.post(`${place.stack.portal.url}/connect/start`, [
      ['purpose', 'narrow'],
      ['scope', '/activities/update'],
    ])
    expect(start.status).toBe(400)
    expect(await refreshes()).toBe(0)
  })

  test('asks ORCID once, however often the button is pressed', async () => {
    const { visitor } = await connect(place.stack, { orcid: ada })
    await place.stack.registry.addFault({ on: 'token', fault: 'slow', delayMs: 1_500 })
    const answers = await Promise.all([1, 2, 3].map(() => permitOnly(visitor.clone(), ['/read-limited'])))
    expect(answers.map(resultOf).sort()).toEqual(['in-progress', 'in-progress', 'narrowed'])
    expect(await refreshes()).toBe(1)
  })
})

describe('what is permitted stays as it was, and no known token lives on,', () => {
  test('when ORCID’s answer is lost, until recovery has asked again and finishes what the person wanted', async () => {
    const { visitor } = await connect(place.stack, { orcid: ada })
    await place.stack.registry.addFault({ on: 'token', fault: 'lost' })
    expect(resultOf(await permitOnly(visitor, ['/read-limited']))).toBe('in-progress')
    expect(await grants()).toEqual([{ state: 'live', scopes: wide, replaced: false }])
    await recoverNow()
    await until('the narrower one is saved', async () => (await grants()).length === 2)
    expect((await grants()).map(({ state, scopes }) => [state, scopes])).toEqual([
      ['superseded', wide],
      ['live', narrow],
    ])
    await until('the wider token is dead', async () => !(await liveAtOrcid()).some(({ length }) => length > 2))
  })

  test('when it is lost for good, and the person reads what they alone can do about it', async () => {
    const { visitor } = await connect(place.stack, { orcid: ada })
    await place.stack.registry.addFault({ on: 'token', fault: 'lost', times: 2 })
    await permitOnly(visitor, ['/read-limited'])
    await recoverNow()
    await until('it is given up', async () => (await outcome())[0]?.outcome === 'answer_lost')
    expect(await grants()).toEqual([{ state: 'live', scopes: wide, replaced: false }])
    expect(await place.rows('select 1 from authorization_attempt where sealed_code is not null')).toEqual([])
    const me = await read(visitor, '/me')
    expect(me).toContain('was lost. What you permit is what this page shows')
    expect(me).toContain(`${place.stack.registry.url}/trusted-parties`)
    await until('the grant is checked', async () => {
      const jobs = await place.rows(`select 1 from graphile_worker.jobs where task_identifier = 'grant.check'`)
      return jobs.length > 0 || (await place.rows('select 1 from orcid_call where purpose = $1', ['check'])).length > 0
    })
  })

  test('when the portal is killed between ORCID’s answer and its record', async () => {
    const { visitor } = await connect(place.stack, { orcid: ada })
    const { database, registry } = place.stack
    const other = await startPortal({ databaseUrl: database.portalUrl, registry, env: { WORKER: 'none' } })
    await registry.addFault({ on: 'token', fault: 'slow', delayMs: 20_000 })
    const cut = permitOnly(visitor, ['/read-limited'], other).catch(() => null)
    await until('ORCID has issued the narrower token', async () => (await place.liveTokens()).length === 2)
    await other.kill()
    await cut
    expect(await grants()).toEqual([{ state: 'live', scopes: wide, replaced: false }])
    await recoverNow()
    await until('the narrower one is saved', async () => (await grants()).length === 2)
    await until('the wider token is dead', async () => !(await liveAtOrcid()).some(({ length }) => length > 2))
  }, 60_000)

  test('when the person withdraws while ORCID is being asked: what then comes is disabled', async () => {
    const { visitor } = await connect(place.stack, { orcid: ada })
    await place.stack.registry.addFault({ on: 'token', fault: 'slow', delayMs: 2_000 })
    const answer = permitOnly(visitor.clone(), ['/read-limited'])
    await until('ORCID is asked', async () => (await refreshes()) === 1)
    await visitor.post(`${place.stack.portal.url}/me/withdrawal`)
    expect(resultOf(await answer)).toBe('unavailable')
    await place.noTokenLives()
    expect((await grants()).map(({ state }) => state)).toEqual(['withdrawn_here'])
  })

  test('when the person is erased while ORCID is being asked', async () => {
    const { visitor } = await connect(place.stack, { orcid: ada })
    await place.stack.registry.addFault({ on: 'token', fault: 'slow', delayMs: 2_000 })
    const answer = permitOnly(visitor.clone(), ['/read-limited'])
    await until('ORCID is asked', async () => (await refreshes()) === 1)
    await visitor.post(`${place.stack.portal.url}/me/erasure`, [['sure', 'yes']])
    await answer
    await place.noTokenLives()
    expect(await place.rows('select 1 from researcher')).toEqual([])
  })
})

describe('permitting less where ORCID does not let us do it alone', () => {
  async function mustConnectAgain(): Promise<Visitor> {
    const { visitor } = await connect(place.stack, { orcid: ada })
    await place.rows('update "grant" set sealed_refresh_token = null')
    const answer = await permitOnly(visitor, ['/read-limited'])
    expect(resultOf(answer)).toBe('connect-again')
    expect((await visitor.follow(answer)).body).toContain('name="purpose" value="narrow"')
    return visitor
  }
  const setOut = async (visitor: Visitor, choice: { orcid: string; decision?: 'deny' }) => {
    const fields: [string, string][] = [
      ['purpose', 'narrow'],
      ['scope', '/read-limited'],
    ]
    const start = await visitor.post(`${place.stack.portal.url}/connect/start`, fields)
    return visitor.get(await decideAtOrcid(visitor, start, choice))
  }

  test('ends the wider permission as soon as the narrower one is saved', async () => {
    const visitor = await mustConnectAgain()
    const answer = await setOut(visitor, { orcid: ada })
    expect([place.pathOf(answer.location), resultOf(answer)]).toEqual(['/me/narrowed', 'narrowed'])
    expect((await grants()).map(({ state, scopes }) => [state, scopes])).toEqual([
      ['superseded', wide],
      ['live', narrow],
    ])
    await until('the wider token is dead', async () => (await place.liveTokens()).length === 1)
  })

  test('leaves everything as it is when the person says no at ORCID', async () => {
    const visitor = await mustConnectAgain()
    const answer = await setOut(visitor, { orcid: ada, decision: 'deny' })
    expect(place.pathOf(answer.location)).toBe('/connect/denied')
    expect((await grants()).map(({ state }) => state)).toEqual(['live'])
  })

  test('takes nothing from one person when another comes back', async () => {
    const visitor = await mustConnectAgain()
    await place.stack.registry.forget()
    const answer = await setOut(visitor, { orcid: noor })
    expect(place.pathOf(answer.location)).toBe('/connect/different-id')
    expect((await grants()).map(({ state }) => state)).toEqual(['live'])
  })
})
