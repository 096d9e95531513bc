import { pathSeparator } from '@/lib/list/department'

/** People and how many of them are connected. */
export type Share = { people: number; connected: number }

/** A department with all below it. `path` is null for the institution; `direct` are the people of no unit below. */
export type Unit = Share & { path: string | null; direct: Share; units: Unit[] }

const none: Share = { people: 0, connected: 0 }

export const addShares = (shares: readonly Share[]): Share =>
  shares.reduce(
    (sum, { people, connected }) => ({ people: sum.people + people, connected: sum.connected + connected }),
    none,
  )

/** The tree of departments, each counted with all below it. `isShown`: others are left out, and what is below them is not. */
export function toTree(
  rows: readonly (Share & { department: string | null })[],
  isShown: (path: string) => boolean = () => true,
): Unit {
  const root = emptyUnit(null)
  const known = new Map<string, Unit>()
  for (const { department, ...share } of rows) {
    let unit = root
    for (const path of department === null ? [] : pathsTo(department).filter(isShown)) {
      const below = known.get(path) ?? emptyUnit(path)
      if (!known.has(path)) unit.units.push(below)
      known.set(path, below)
      unit = below
    }
    unit.direct = addShares([unit.direct, share])
  }
  return addUp(root)
}

const emptyUnit = (path: string | null): Unit => ({ path, ...none, direct: none, units: [] })

function pathsTo(department: string): string[] {
  const parts = department.split(pathSeparator)
  return parts.map((_part, index) => parts.slice(0, index + 1).join(pathSeparator))
}

function addUp(unit: Unit): Unit {
  const units = unit.units.map(addUp)
  return { ...unit, units, ...addShares([unit.direct, ...units]) }
}

/** The units below, each followed by those below it. */
export const listUnits = ({ units }: Unit): Unit[] => units.flatMap((unit) => [unit, ...listUnits(unit)])

/** The unit with this path, or null. */
export const findUnit = (tree: Unit, path: string): Unit | null =>
  listUnits(tree).find((unit) => unit.path === path) ?? null

/** Groups of fewer people are not shown to those who must not find out who they are. */
export const smallestGroup = 10

/**
 * Adds units of fewer than `smallestGroup` people to the unit above, until nobody can find such a group by subtracting
 * what is shown: where the people of no shown unit would be too few, the smallest unit beside them is added as well.
 * Null if there are too few people in all.
 */
export function foldSmallUnits(unit: Unit): Unit | null {
  if (unit.people < smallestGroup) return null
  const units = keepLargeParts(
    unit.units.flatMap((each) => foldSmallUnits(each) ?? []),
    unit,
  )
  const sum = addShares(units)
  return {
    ...unit,
    units,
    direct: { people: unit.people - sum.people, connected: unit.connected - sum.connected },
  }
}

/** The parts of `all` that can be shown, so that no group which is too small can be found by subtraction. */
export function keepLargeParts<Part extends Share>(parts: readonly Part[], all: Share): Part[] {
  let kept = parts.filter(({ people }) => people >= smallestGroup).toSorted((one, other) => one.people - other.people)
  const hidden = () => all.people - addShares(kept).people
  while (kept.length > 0 && hidden() > 0 && hidden() < smallestGroup) kept = kept.slice(1)
  return parts.filter((part) => kept.includes(part))
}

/** From 0 to 1. Neither 0 nor 1 unless it is exactly that, however it is rounded to whole percents. */
export function toShare({ people, connected }: Share): number {
  if (connected === 0 || people === 0) return 0
  return connected === people ? 1 : Math.min(0.99, Math.max(0.01, connected / people))
}

export const unitSorts = ['share', '-share', 'name', '-name', 'people', '-people'] as const
export type UnitSort = (typeof unitSorts)[number]

/** Lowest share first, unless asked otherwise; of the same share the one with more people first. */
export function sortUnits<Row extends Share & { path: string | null }>(units: readonly Row[], sort: UnitSort): Row[] {
  const direction = sort.startsWith('-') ? -1 : 1
  const ratio = ({ people, connected }: Share) => (people > 0 ? connected / people : 2)
  const byName = (one: Row, other: Row) => (one.path ?? '').localeCompare(other.path ?? '')
  const orders: Record<string, (one: Row, other: Row) => number> = {
    share: (one, other) => direction * (ratio(one) - ratio(other)) || other.people - one.people,
    name: (one, other) => direction * byName(one, other),
    people: (one, other) => direction * (one.people - other.people),
  }
  const order = orders[sort.replace('-', '')] ?? byName
  return units.toSorted((one, other) => order(one, other) || byName(one, other))
}
