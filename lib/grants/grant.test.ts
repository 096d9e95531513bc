import { describe, expect, test } from 'vitest'
import {
  type CheckedGrant,
  carryOverFirstGrantedAt,
  connectOutcome,
  deriveCheckStatus,
  deriveConnection,
  type GrantFacts,
  supersedes,
} from '@/lib/grants/grant'

const at = (day: number) => new Date(Date.UTC(2026, 0, day))
let id = 0
const grant = (state: GrantFacts['state'], scopes: string[], day: number, endedOn?: number): GrantFacts => ({
  id: String(id++),
  state,
  scopes,
  firstGrantedAt: scopes.map(() => at(day)),
  grantedAt: at(day),
  expiresAt: at(day + 7_000),
  endedAt: endedOn ? at(endedOn) : null,
})

describe('what a person permits now', () => {
  test('is the union over the live grants, whatever their order', () => {
    const { state, liveScopes } = deriveConnection([
      grant('live', ['openid'], 3),
      grant('live', ['/read-limited', 'openid'], 1),
      grant('superseded', ['/person/update'], 1, 2),
    ])
    expect([state, liveScopes]).toEqual(['connected', ['/read-limited', 'openid']])
  })

  test('is identity only for somebody who never permitted more, and again after they took that back', () => {
    const before = grant('withdrawn_here', ['openid'], 1, 2)
    expect(deriveConnection([grant('live', ['openid'], 3), before]).state).toBe('identity_only')
    expect(deriveConnection([before])).toMatchObject({ state: 'withdrawn', withdrewAt: at(2) })
  })

  test('stays withdrawn, with the date, when somebody who withdrew only signs in', () => {
    const ended = [grant('withdrawn_here', ['/read-limited'], 1, 4), grant('withdrawn_here', ['openid'], 2, 4)]
    const connection = deriveConnection([...ended, grant('live', ['openid'], 6)])
    expect(connection).toMatchObject({ state: 'withdrawn', withdrewAt: at(4), liveScopes: ['openid'] })
  })

  test('began when somebody first connected, whatever came later', () => {
    const first = grant('withdrawn_here', ['/read-limited'], 2, 4)
    expect(deriveConnection([first, grant('live', ['/read-limited'], 9)])).toMatchObject({
      state: 'connected',
      firstConnectedAt: at(2),
      lastConfirmedAt: at(9),
      withdrewAt: at(4),
    })
  })

  test('was not withdrawn by permitting less, nor while another permission went on', () => {
    const wide = grant('withdrawn_here', ['/read-limited', '/person/update'], 1, 5)
    const narrower = grant('live', ['/read-limited'], 5)
    expect(deriveConnection([wide, narrower]).withdrewAt).toBeNull()
    expect(deriveConnection([wide, { ...narrower, state: 'withdrawn_here', endedAt: at(8) }]).withdrewAt).toEqual(at(8))
  })

  test('says of each scope since when it has been permitted without a break', () => {
    const wide = ['/person/update', '/read-limited']
    const times = carryOverFirstGrantedAt(wide, at(9), [grant('live', ['/read-limited'], 3)])
    expect(times).toEqual([at(9), at(3)])
    expect(carryOverFirstGrantedAt(['/person/read-limited'], at(9), [grant('live', ['/read-limited'], 3)])).toEqual([
      at(3),
    ])
    expect(carryOverFirstGrantedAt(['/read-limited'], at(9), [])).toEqual([at(9)])
    const live = { ...grant('live', wide, 9), firstGrantedAt: times }
    expect(deriveConnection([live, grant('live', ['openid'], 1)]).liveScopesGivenAt).toEqual([at(9), at(3), at(1)])
  })

  test('is withdrawn or expired as the last grant ended', () => {
    const withdrawn = grant('withdrawn_here', ['/read-limited'], 1, 5)
    const expired = grant('expired', ['/read-limited'], 1, 4)
    expect(deriveConnection([withdrawn, expired]).state).toBe('withdrawn')
    expect(deriveConnection([withdrawn, { ...expired, endedAt: at(6) }]).state).toBe('expired')
  })

  test('is withdrawn when what had been replaced ended in the same moment, in whichever order they are read', () => {
    const replaced = grant('superseded', ['/read-limited'], 1, 5)
    const withdrawn = grant('withdrawn_here', ['/read-limited', '/person/update'], 5, 5)
    expect(deriveConnection([replaced, withdrawn]).state).toBe('withdrawn')
    expect(deriveConnection([withdrawn, replaced]).state).toBe('withdrawn')
  })

  test('ends when the first of the live permissions ends, identity apart', () => {
    const permissions = [
      grant('live', ['/read-limited'], 5),
      grant('live', ['/person/update'], 9),
      grant('live', ['openid'], 1),
    ]
    expect(deriveConnection(permissions)).toMatchObject({ expiresAt: at(7_005), lastConfirmedAt: at(9) })
  })
})

describe('how a person stands with ORCID', () => {
  const checked = (state: CheckedGrant['state'], finding: CheckedGrant['finding'], endedOn?: number): CheckedGrant => ({
    state,
    scopes: ['/read-limited'],
    finding,
    endedAt: endedOn ? at(endedOn) : null,
    lastCheckedAt: finding ? at(endedOn ?? 8) : null,
    unansweredSince: null,
  })

  test('is the worst that was found about what is live, and what has ended does not count beside it', () => {
    const ended = checked('withdrawn_at_orcid', 'withdrawn_at_orcid', 9)
    const { finding, lastCheckedAt } = deriveCheckStatus([
      checked('live', 'good'),
      checked('live', 'record_locked'),
      ended,
    ])
    expect([finding, lastCheckedAt]).toEqual(['record_locked', at(8)])
    expect(deriveCheckStatus([checked('live', null), ended])).toMatchObject({ finding: null, lastCheckedAt: null })
    expect(deriveCheckStatus([ended]).lastCheckedAt).toEqual(at(9))
  })

  test('is how ORCID ended the last one where nothing is live, and nothing where it ended in another way', () => {
    const merged = checked('record_deprecated', 'record_deprecated', 5)
    expect(deriveCheckStatus([merged, checked('expired', 'good', 4)]).finding).toBe('record_deprecated')
    expect(deriveCheckStatus([merged, checked('withdrawn_here', 'good', 6)]).finding).toBeNull()
  })

  test('is still how ORCID ended the last permission while only an iD is left, unless that does not work either', () => {
    const ended = checked('withdrawn_at_orcid', 'withdrawn_at_orcid', 5)
    const signedIn = (finding: CheckedGrant['finding']) => ({ ...checked('live', finding), scopes: ['openid'] })
    expect(deriveCheckStatus([ended, signedIn('good')]).finding).toBe('withdrawn_at_orcid')
    expect(deriveCheckStatus([ended, signedIn('record_locked')]).finding).toBe('record_locked')
    expect(deriveCheckStatus([checked('withdrawn_here', null, 5), signedIn('good')]).finding).toBeNull()
  })

  test('is unanswered since the first silence about what is live', () => {
    const silent = (day: number) => ({ ...checked('live', 'good'), unansweredSince: at(day) })
    const ended = { ...checked('expired', 'good', 2), unansweredSince: at(1) }
    expect(deriveCheckStatus([silent(7), silent(6), ended])).toMatchObject({ finding: 'good', unansweredSince: at(6) })
  })
})

describe('a new grant', () => {
  test.each([
    ['the same scopes in another order', ['openid', '/read-limited'], ['/read-limited', 'openid'], true],
    ['more scopes', ['openid', '/read-limited', '/person/update'], ['/read-limited', 'openid'], true],
    ['fewer scopes', ['openid', '/read-limited'], ['/read-limited', '/person/update', 'openid'], false],
    ['other scopes', ['/person/update'], ['/read-limited'], false],
    ['a scope that includes the earlier one', ['/read-limited'], ['/person/read-limited'], true],
    ['a permission, where the earlier one is identity alone', ['openid', '/read-limited'], ['openid'], false],
    ['identity alone, where the earlier one is too', ['openid'], ['/authenticate'], true],
    ['identity alone, where the earlier one is a permission', ['openid'], ['openid', '/read-limited'], false],
  ])('with %s: takes the place of the earlier one? %#', (_what, scopes, earlier, expected) => {
    expect(supersedes(scopes, earlier)).toBe(expected)
  })
})

describe('the outcome of an attempt', () => {
  const all = ['openid', '/read-limited']
  test.each([
    ['fewer', { asked: all, granted: ['openid'], liveBefore: [] }],
    ['connected', { asked: all, granted: all, liveBefore: [] }],
    ['connected', { asked: all, granted: all, liveBefore: ['openid'] }],
    ['connected', { asked: ['openid'], granted: ['openid'], liveBefore: [] }],
    ['updated', { asked: all, granted: all, liveBefore: ['/person/update'] }],
    ['already_connected', { asked: all, granted: all.toReversed(), liveBefore: all }],
    ['already_connected', { asked: all, granted: all, liveBefore: [...all, '/person/update'] }],
  ] as const)('is %s %#', (outcome, attempt) => {
    const { asked, granted, liveBefore } = attempt
    expect(connectOutcome({ asked: [...asked], granted: [...granted], liveBefore: [...liveBefore] })).toBe(outcome)
  })
})
