import { describe, expect, test } from 'vitest'
import { connect, decideAtOrcid, until } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import type { Answer, Visitor } from '@/tests/support/visitor'

const ada = '0000-0099-9458-0735'
const noor = '0000-0099-4262-1291'
const fixture = stackPerFile()
const wide = ['/activities/update', '/person/update', '/read-limited', 'openid']
const narrow = ['/read-limited', 'openid']

/** Confirms that nothing but these shall be permitted any more, and gives where that leads. */
const permitOnly = (visitor: Visitor, keep: string[]) =>
  visitor.post(
    `${fixture.stack.portal.url}/me/narrowing`,
    keep.map((scope): [string, string] => ['keep', scope]),
  )
const resultOf = ({ location }: Answer) => new URL(location ?? '', fixture.stack.portal.url).searchParams.get('result')

const grants = () =>
  fixture.rows(
    `select g.state, g.scopes, g.superseded_by_id is not null as replaced from "grant" g
     join researcher r on r.id = g.researcher_id where r.orcid = $1 order by g.granted_at`,
    [ada],
  )
const liveScopes = async () => (await fixture.rows('select live_scopes from researcher where orcid = $1', [ada]))[0]
const liveAtOrcid = async () => (await fixture.liveTokens()).map(({ scopes }) => scopes.toSorted())

async function mustConnectAgain(keep = ['/read-limited']): Promise<Visitor> {
  const { visitor } = await connect(fixture.stack, { orcid: ada })
  const answer = await permitOnly(visitor, keep)
  expect([answer.status, fixture.pathOf(answer.location)]).toEqual([303, '/me/narrow'])
  expect((await visitor.follow(answer)).body).toContain('name="purpose" value="narrow"')
  return visitor
}
async function setOut(visitor: Visitor, choice: { orcid: string; decision?: 'deny' }, keep = ['/read-limited']) {
  const fields: [string, string][] = [['purpose', 'narrow'], ...keep.map((scope): [string, string] => ['scope', scope])]
  const start = await visitor.post(`${fixture.stack.portal.url}/connect/start`, fields)
  return visitor.get(await decideAtOrcid(visitor, start, choice))
}

describe('permitting less', () => {
  test('leaves one permission with what was kept, and no wider token at ORCID', async () => {
    const visitor = await mustConnectAgain()
    expect(await grants()).toEqual([{ state: 'live', scopes: wide, replaced: false }])
    const answer = await setOut(visitor, { orcid: ada })
    expect([fixture.pathOf(answer.location), resultOf(answer)]).toEqual(['/me/narrowed', 'narrowed'])
    expect(await grants()).toEqual([
      { state: 'superseded', scopes: wide, replaced: true },
      { state: 'live', scopes: narrow, replaced: false },
    ])
    expect(await liveScopes()).toEqual({ live_scopes: narrow })
    await until('the wider token is dead', async () => (await fixture.liveTokens()).length === 1)
    expect(await liveAtOrcid()).toEqual([narrow])
    const { body } = await visitor.get(`${fixture.stack.portal.url}/me`)
    expect(body).toContain('You chose to allow less')
    expect(body).toContain('choosing what to allow')
  })

  test('down to the iD alone leaves somebody who is signed in and has withdrawn', async () => {
    const visitor = await mustConnectAgain([])
    expect(resultOf(await setOut(visitor, { orcid: ada }, []))).toBe('narrowed')
    expect(
      await fixture.rows('select state, live_scopes, withdrew_at is not null as has_date from researcher'),
    ).toEqual([{ state: 'withdrawn', live_scopes: ['openid'], has_date: true }])
  })

  test('needs no attempt where a narrower permission stands beside the wider one', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await connect(fixture.stack, { orcid: ada, scopes: ['/read-limited'] }, visitor)
    expect(resultOf(await permitOnly(visitor, ['/read-limited']))).toBe('narrowed')
    expect((await grants()).map(({ state }) => state)).toEqual(['withdrawn_here', 'live'])
    await until('the wider token is dead', async () => (await fixture.liveTokens()).length === 1)
    expect(resultOf(await permitOnly(visitor, ['/read-limited']))).toBe('unchanged')
  })

  test('gives nothing to anybody who asks for more than they permit, or is not signed in', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada, scopes: ['/read-limited'] })
    expect((await permitOnly(visitor, ['/activities/update'])).status).toBe(400)
    const start = await visitor.post(`${fixture.stack.portal.url}/connect/start`, [
      ['purpose', 'narrow'],
      ['scope', '/activities/update'],
    ])
    expect(start.status).toBe(400)
  })

  test('leaves everything as it is when the person says no at ORCID', async () => {
    const visitor = await mustConnectAgain()
    const answer = await setOut(visitor, { orcid: ada, decision: 'deny' })
    expect(fixture.pathOf(answer.location)).toBe('/connect/denied')
    expect((await grants()).map(({ state }) => state)).toEqual(['live'])
  })

  test('takes nothing from one person when another comes back', async () => {
    const visitor = await mustConnectAgain()
    await fixture.stack.registry.forget()
    const answer = await setOut(visitor, { orcid: noor })
    expect(fixture.pathOf(answer.location)).toBe('/connect/different-id')
    expect((await grants()).map(({ state }) => state)).toEqual(['live'])
  })
})
