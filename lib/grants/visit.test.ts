import { describe, expect, test } from 'vitest'
import { describeVisit, type VisitedGrant } from '@/lib/grants/visit'

const read = '/read-limited'
const write = '/activities/update'

/** The grant of attempt `a<id>`, given on the day that its number says. */
function grant(id: number, scopes: string[], more: Partial<VisitedGrant> = {}): VisitedGrant {
  const grantedAt = new Date(Date.UTC(2026, 4, id))
  return { id: `g${id}`, attemptId: `a${id}`, state: 'live', scopes, grantedAt, supersededById: null, ...more }
}
const replacedBy = (id: number) => ({ state: 'superseded', supersededById: `g${id}` }) as const
const on = (day: number) => new Date(Date.UTC(2026, 4, day))

describe('undoing a visit', () => {
  test('that was the first ends what it brought', () => {
    expect(describeVisit([grant(1, [read, 'openid'])], 'a1')).toEqual({
      undo: 'visit',
      before: [],
      beforeSince: null,
      added: [read, 'openid'],
      takenBack: [],
      ends: [read, 'openid'],
    })
  })

  test('leaves identity alone that was there before', () => {
    const visit = describeVisit([grant(1, ['openid']), grant(2, [read, 'openid'])], 'a2')
    expect(visit).toMatchObject({ undo: 'visit', beforeSince: null, added: [read], ends: [read] })
  })

  test('that confirmed an equal permission is not possible, because it would end the earlier one', () => {
    const grants = [
      grant(1, [read, 'openid'], replacedBy(2)),
      grant(2, [read, 'openid'], replacedBy(3)),
      grant(3, [read, 'openid']),
    ]
    expect(describeVisit(grants, 'a3')).toMatchObject({ undo: 'nothing', added: [], takenBack: [], beforeSince: on(1) })
  })

  test('that widened a permission ends all of it', () => {
    const grants = [grant(1, [read, 'openid'], replacedBy(2)), grant(2, [read, write, 'openid'])]
    expect(describeVisit(grants, 'a2')).toEqual({
      undo: 'permission',
      before: [read, 'openid'],
      beforeSince: on(1),
      added: [write],
      takenBack: [],
      ends: [read, write, 'openid'],
    })
  })

  test('ends nothing of before where another grant permits all that was replaced', () => {
    const grants = [
      grant(1, [read, 'openid'], replacedBy(3)),
      grant(2, [read, write, 'openid']),
      grant(3, [read, '/person/update', 'openid']),
    ]
    expect(describeVisit(grants, 'a3')).toMatchObject({ undo: 'visit', ends: ['/person/update'] })
  })

  test('that gave fewer permissions beside a wider one ends nothing of the wider one', () => {
    const visit = describeVisit([grant(1, [read, write, 'openid']), grant(2, [read, 'openid'])], 'a2')
    expect(visit).toMatchObject({ undo: 'visit', added: [], ends: [], beforeSince: on(1) })
  })

  test('after which somebody permits less brings nothing back', () => {
    const grants = [grant(1, [read, write, 'openid'], replacedBy(2)), grant(2, [read, 'openid'])]
    expect(describeVisit(grants, 'a2')).toMatchObject({ undo: 'nothing', added: [], takenBack: [write] })
  })

  test('whose grant has been replaced since is not possible', () => {
    const grants = [grant(1, [read, 'openid'], replacedBy(2)), grant(2, [read, 'openid'])]
    expect(describeVisit(grants, 'a1')).toMatchObject({ undo: 'nothing', before: [read, 'openid'], added: [] })
  })
})
