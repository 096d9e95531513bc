import { describe, expect, test } from 'vitest'
import { connect, until } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import type { Answer, Visitor } from '@/tests/support/visitor'

const ada = '0000-0099-9458-0735'
const josiah = '0000-0002-1825-0097'
const everything = ['/activities/update', '/person/update', '/read-limited', 'openid']

const fixture = stackPerFile({ STAFF_ADMINS: josiah })

describe('"Not me"', () => {
  const startAgain = (visitor: Visitor, fields: [string, string][]) =>
    visitor.post(`${fixture.stack.portal.url}/connect/not-me/start`, fields)
  const page = (visitor: Visitor) => visitor.get(`${fixture.stack.portal.url}/connect/not-me`)
  const states = () => fixture.rows(`select state::text, scopes from "grant" order by granted_at`)
  const undoVisit: [string, string][] = [['undo', 'visit']]
  const undoAll: [string, string][] = [
    ['undo', 'permission'],
    ['sure', 'yes'],
  ]

  /** Signs out and leads to ORCID, which has to ask who it is. */
  async function expectSignedOut(visitor: Visitor, answer: Answer) {
    expect(answer.status).toBe(303)
    expect(new URL(answer.location ?? '').searchParams.get('prompt')).toBe('login')
    expect((await visitor.get(`${fixture.stack.portal.url}/me`)).status).toBe(307)
  }

  test('after a first connection takes back what was given, signs out, and asks ORCID to sign in anew', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    expect((await page(visitor)).body).toContain('Undo and sign in with another account')
    await expectSignedOut(visitor, await startAgain(visitor, undoVisit))
    await fixture.noTokenLives()
  })

  test('is a link to a page, and reading it changes nothing', async () => {
    const { visitor, answer } = await connect(fixture.stack, { orcid: ada })
    expect((await visitor.follow(answer)).body).toContain('href="/connect/not-me"')
    await page(visitor)
    expect((await visitor.get(`${fixture.stack.portal.url}/me`)).status).toBe(200)
    expect(await fixture.liveTokens()).toHaveLength(1)
  })

  test('ends nothing by itself: what is taken back is what the form says', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await expectSignedOut(visitor, await startAgain(visitor, []))
    expect(await states()).toEqual([{ state: 'live', scopes: everything }])
  })

  test('after an equal permission was confirmed ends nothing, whatever the form says', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await connect(fixture.stack, { orcid: ada }, visitor)
    const { body } = await page(visitor)
    expect(body).toContain('All of it was already allowed.')
    expect(body).not.toContain('name="undo"')
    await expectSignedOut(visitor, await startAgain(visitor, undoAll))
    expect(await states()).toMatchObject([{ state: 'superseded' }, { state: 'live', scopes: everything }])
    await until('one token lives', async () => (await fixture.liveTokens()).length === 1)
    expect(await fixture.rows(`select live_scopes from researcher`)).toEqual([{ live_scopes: everything }])
  })

  describe('after a permission was widened', () => {
    const widen = async () => {
      const { visitor } = await connect(fixture.stack, { orcid: ada, scopes: ['/read-limited'] })
      await connect(fixture.stack, { orcid: ada, scopes: ['/read-limited', '/person/update'] }, visitor)
      return visitor
    }

    test.each([
      ['only signs out first', [], null],
      ['does not undo the visit alone, because that would end more', undoVisit, null],
      ['asks again where the box is not ticked', [['undo', 'permission']], '/connect/not-me'],
    ] as [string, [string, string][], string | null][])('%s', async (_what, fields, location) => {
      const visitor = await widen()
      expect((await page(visitor)).body).toContain('Undoing the change therefore stops all access.')
      const answer = await startAgain(visitor, fields)
      if (location) expect(answer.location).toBe(location)
      else await expectSignedOut(visitor, answer)
      const kept = { state: 'live', scopes: ['/person/update', '/read-limited', 'openid'] }
      expect(await states()).toMatchObject([{ state: 'superseded' }, kept])
    })

    test('ends it as a whole with consent', async () => {
      const visitor = await widen()
      await expectSignedOut(visitor, await startAgain(visitor, undoAll))
      await fixture.noTokenLives()
    })
  })

  test('after fewer permissions were given leaves the wider one that stands beside', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await connect(fixture.stack, { orcid: ada, scopes: ['/read-limited'] }, visitor)
    await expectSignedOut(visitor, await startAgain(visitor, undoVisit))
    expect(await states()).toMatchObject([{ state: 'live', scopes: everything }, { state: 'withdrawn_here' }])
  })

  test('after a different iD came back ends nothing of the earlier one, nor what the other had permitted before', async () => {
    await connect(fixture.stack, { orcid: josiah })
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    visitor.cookies.delete('127.0.0.1')
    const { answer } = await connect(fixture.stack, { orcid: josiah }, visitor)
    expect(fixture.pathOf(answer.location)).toBe('/connect/different-id')
    await expectSignedOut(visitor, await startAgain(visitor, undoVisit))
    expect(await fixture.rows(`select state::text from researcher`)).toEqual([
      { state: 'connected' },
      { state: 'connected' },
    ])
  })

  test('after signing in alone ends no permission, and asks for identity alone again', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await connect(fixture.stack, { orcid: ada, purpose: 'sign-in' }, visitor)
    const answer = await startAgain(visitor, undoVisit)
    await expectSignedOut(visitor, answer)
    expect(new URL(answer.location ?? '').searchParams.get('scope')).toBe('openid')
    expect(await fixture.rows(`select state, live_scopes from researcher`)).toEqual([
      { state: 'connected', live_scopes: everything },
    ])
  })
})
