import { ListOf } from '@/bench/pages/list-of'
import { db, type Prisma } from '@/lib/db'
import type { ShownResearcher } from '@/lib/researchers/rows'
import { noFilters, sortOf } from '@/lib/researchers/schema'

const pageSize = 50
const departments = Array.from({ length: 60 }, (_, place) => `Department ${place + 1}`)
const states = { connected: 'connected', 'identity-only': 'identity_only', withdrawn: 'withdrawn' } as const

type Query = { page?: string; q?: string; state?: keyof typeof states }

/** The list as it is written in textbooks: pages by number, a search by `contains`, and everything counted each time. */
export default async function TextbookPage({ searchParams }: { searchParams: Promise<Query> }) {
  const { page = '1', q, state } = await searchParams
  const where: Prisma.PersonWhereInput = {
    ...(state ? { connection: states[state] } : { connection: { not: null } }),
    ...(q ? { OR: [{ name: { contains: q, mode: 'insensitive' } }, { orcid: { contains: q } }] } : {}),
  }
  const from = (Number(page) - 1) * pageSize
  const [rows, count] = await Promise.all([
    db().person.findMany({ where, orderBy: { firstConnectedAt: 'desc' }, skip: from, take: pageSize }),
    db().person.count({ where }),
  ])
  const shown = rows.map(({ id: personId, researcherId, connection, ...row }) => ({
    ...row,
    personId,
    id: researcherId,
    state: connection,
  })) as ShownResearcher[]
  const filters = { ...noFilters, q: q ?? '', state: state ?? null }
  const last = shown.at(-1)
  const next = last && {
    sort: sortOf(filters),
    go: 'next' as const,
    key: last.firstConnectedAt?.toISOString() ?? null,
    id: last.personId,
    from: from + shown.length,
  }
  const listed = { rows: shown, from, count: { count, exact: true }, next: next ?? null, previous: null }
  return <ListOf page={listed} departments={departments} filters={filters} />
}
