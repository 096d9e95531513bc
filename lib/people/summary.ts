import 'server-only'
import type { StaffActor } from '@/lib/actor'
import { env } from '@/lib/config/env'
import { pathSeparator } from '@/lib/list/department'
import { seesDepartment } from '@/lib/list/visible'
import { countCoverage, type KindShare, toKinds } from '@/lib/people/coverage'
import { withParents } from '@/lib/people/person'
import { findUnit, foldSmallUnits, keepLargeParts, type Share, toTree, type Unit } from '@/lib/people/units'

/** Coverage without names, for people outside the team: no group in it is smaller than `smallestGroup`. */
export type Summary = {
  at: Date
  all: Share
  kinds: KindShare[]
  /** By name, with all below them; none where departments are not compared. */
  units: Unit[]
  /** Departments that were added to the one above. */
  folded: number
}

/** Of a department with all below it, or of the institution. Null if it has too few people, or is not shown there. */
export async function getSummary(actor: StaffActor, department: string | null): Promise<Summary | null> {
  const { value, at } = await countCoverage(actor)
  const rows = value.filter(({ onRoster }) => onRoster)
  const whole = foldSmallUnits(toTree(rows, (path) => seesDepartment(actor, path)))
  const unit = whole && (department === null ? whole : findUnit(whole, department))
  if (!unit) return null
  const inside =
    department === null
      ? rows
      : rows.filter((row) => row.department !== null && withParents([row.department]).includes(department))
  const units = listByName(unit)
  const { comparesDepartments } = env()
  return {
    at,
    all: { people: unit.people, connected: unit.connected },
    // With kinds on several sheets, small groups of a kind could be found by subtracting one sheet from another.
    kinds: department === null ? keepLargeParts(toKinds(rows), unit) : [],
    units: comparesDepartments ? units : [],
    folded: comparesDepartments ? countBelow(inside, department) - units.length : 0,
  }
}

const listByName = (unit: Unit): Unit[] =>
  unit.units
    .toSorted((one, other) => (one.path ?? '').localeCompare(other.path ?? ''))
    .flatMap((each) => [each, ...listByName(each)])

const countBelow = (rows: readonly { department: string | null }[], department: string | null) =>
  withParents(rows.flatMap((row) => row.department ?? [])).filter(
    (path) => department === null || path.startsWith(`${department}${pathSeparator}`),
  ).length
