import type { StaffActor, SystemActor } from '@/lib/actor'
import { Prisma } from '@/lib/db'
import { belowPattern, pathSeparator } from '@/lib/list/department'

type Asking = StaffActor | SystemActor

const limitOf = (actor: Asking) => (actor.kind === 'staff' ? actor.departments : null)

/** Whether the actor sees the people of some departments only, and of those less. */
export const isLimited = (actor: Asking): boolean => limitOf(actor) !== null

/** SQL: the column holds this department, or one below it. */
export const departmentCondition = (path: string, column = Prisma.sql`department`): Prisma.Sql =>
  Prisma.sql`(${column} = ${path} or ${column} like ${belowPattern(path)})`

/** SQL on the table `person`: whom the actor may know of. `column`: the department of another table. */
export function visibleTo(actor: Asking, column = Prisma.sql`department`): Prisma.Sql {
  const departments = limitOf(actor)
  if (!departments) return Prisma.sql`true`
  if (departments.length === 0) return Prisma.sql`false`
  const each = departments.map((path) => departmentCondition(path, column))
  return Prisma.sql`(${Prisma.join(each, ' or ')})`
}

/** Whether the actor sees everybody of a department. */
export function seesDepartment(actor: Asking, path: string): boolean {
  const departments = limitOf(actor)
  return departments === null || departments.some((each) => path === each || path.startsWith(`${each}${pathSeparator}`))
}

/** SQL on the table `person`: a conflict. It may be with somebody else, of whom limited people must not know. */
export const conflictCondition = (actor: Asking): Prisma.Sql =>
  isLimited(actor) ? Prisma.sql`false` : Prisma.sql`conflict`

/** The same for all actors who see the same people: for counts that are kept. */
export const visibilityKey = (actor: Asking): string => JSON.stringify(limitOf(actor)?.toSorted() ?? 'all')

/** For Prisma, on the table `person`: as `visibleTo`, and without the confidential for all but administrators. */
export function seenBy(actor: StaffActor): { confidential?: false; OR?: Prisma.PersonWhereInput[] } {
  const open = actor.role === 'admin' ? {} : { confidential: false as const }
  if (!actor.departments) return open
  const within = actor.departments.flatMap((path) => [
    { department: path },
    { department: { startsWith: belowPattern(path).slice(0, -1) } },
  ])
  return { ...open, OR: within }
}
