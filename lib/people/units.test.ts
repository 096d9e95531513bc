import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  foldSmallUnits,
  keepLargeParts,
  listUnits,
  smallestGroup,
  sortUnits,
  toShare,
  toTree,
  type Unit,
} from '@/lib/people/units'

type Row = { department: string | null; people: number; connected: number }

const name = fc.constantFrom('A', 'B', 'C', 'D')
const department = fc.option(
  fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(' / ')),
  { freq: 8 },
)
const rows: fc.Arbitrary<Row[]> = fc.array(
  fc
    .record({ department, people: fc.integer({ min: 1, max: 25 }), part: fc.integer({ min: 0, max: 100 }) })
    .map(({ part, ...row }) => ({ ...row, connected: Math.floor((row.people * part) / 100) })),
  { maxLength: 20 },
)

const isIn = (path: string | null, department: string | null) =>
  path === null || department === path || Boolean(department?.startsWith(`${path} / `))

/** Counted from the rows, without the tree. */
const countIn = (all: readonly Row[], path: string | null, name: 'people' | 'connected' = 'people') =>
  all.reduce((sum, row) => (isIn(path, row.department) ? sum + row[name] : sum), 0)

test('a department is counted with all below it', () => {
  fc.assert(
    fc.property(rows, (all) => {
      const tree = toTree(all)
      for (const unit of [tree, ...listUnits(tree)]) {
        expect([unit.path, unit.people, unit.connected]).toEqual([
          unit.path,
          countIn(all, unit.path),
          countIn(all, unit.path, 'connected'),
        ])
      }
    }),
  )
})

describe('what leaves the team', () => {
  /** How many people nobody shows one by one: of each shown unit those who are in no shown unit below it. */
  const findLeftOver = (all: readonly Row[], shown: readonly (string | null)[]) =>
    shown.map((path) => {
      const below = shown.filter((other) => other !== path && isIn(path, other))
      const nearest = below.filter((one) => !below.some((other) => other !== one && isIn(other, one)))
      return countIn(all, path) - nearest.reduce((sum, one) => sum + countIn(all, one), 0)
    })

  test('neither shows a group of fewer than ten nor lets anybody find one by subtraction', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const folded = foldSmallUnits(toTree(all))
        if (!folded) {
          expect(countIn(all, null)).toBeLessThan(smallestGroup)
          return
        }
        const units = [folded, ...listUnits(folded)]
        for (const { path, people, connected } of units) {
          expect(people).toBeGreaterThanOrEqual(smallestGroup)
          expect([people, connected]).toEqual([countIn(all, path), countIn(all, path, 'connected')])
        }
        const shown = units.map(({ path }) => path)
        for (const left of findLeftOver(all, shown)) expect(left === 0 || left >= smallestGroup).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  test('shows every department where all of them are large', () => {
    const all = ['A', 'A / B', 'A / C', 'D'].map((department) => ({ department, people: 10, connected: 3 }))
    const folded = foldSmallUnits(toTree(all))
    expect(listUnits(folded as Unit).map(({ path }) => path)).toEqual(['A', 'A / B', 'A / C', 'D'])
  })

  test('adds a second department to the unit above where one small one alone could be found by subtraction', () => {
    const all = [
      { department: 'Law', people: 40, connected: 9 },
      { department: 'Music', people: 12, connected: 9 },
      { department: 'Theatre', people: 3, connected: 1 },
    ]
    expect(listUnits(foldSmallUnits(toTree(all)) as Unit).map(({ path }) => path)).toEqual(['Law'])
  })

  test('holds for kinds as for departments', () => {
    const part = fc.record({ people: fc.integer({ min: 1, max: 40 }) }).map((each) => ({ ...each, connected: 0 }))
    fc.assert(
      fc.property(fc.array(part, { maxLength: 4 }), fc.nat(20), (kinds, others) => {
        const people = kinds.reduce((sum, each) => sum + each.people, 0) + others
        const kept = keepLargeParts(kinds, { people, connected: 0 })
        const left = people - kept.reduce((sum, each) => sum + each.people, 0)
        expect(kept.every((each) => each.people >= smallestGroup)).toBe(true)
        expect(kept.length === 0 || left === 0 || left >= smallestGroup).toBe(true)
      }),
    )
  })
})

test('a share is neither none nor all of them unless it is exactly that', () => {
  expect(toShare({ people: 10_000, connected: 1 })).toBe(0.01)
  expect(toShare({ people: 10_000, connected: 9_999 })).toBe(0.99)
  expect(toShare({ people: 3, connected: 3 })).toBe(1)
  expect(toShare({ people: 0, connected: 0 })).toBe(0)
})

test('departments stand from the lowest share on, of the same share the largest first', () => {
  const units = [
    { path: 'Half', people: 10, connected: 5 },
    { path: 'None', people: 3, connected: 0 },
    { path: 'None, and many', people: 30, connected: 0 },
    { path: 'All', people: 7, connected: 7 },
  ]
  const order = (sort: Parameters<typeof sortUnits>[1]) => sortUnits(units, sort).map(({ path }) => path)
  expect(order('share')).toEqual(['None, and many', 'None', 'Half', 'All'])
  expect(order('-share')).toEqual(['All', 'Half', 'None, and many', 'None'])
  expect(order('name')).toEqual(['All', 'Half', 'None', 'None, and many'])
  expect(order('-people')).toEqual(['None, and many', 'Half', 'All', 'None'])
})
