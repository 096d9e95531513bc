import pg from 'pg'
import type { SizedPortal } from '@/bench/sizes'
import { toCondition } from '@/lib/researchers/condition'
import { type Cursor, columnOf, type ListFilters, type ListSort, type SortColumn } from '@/lib/researchers/schema'

export const pageSize = 50

/** How many the filters let through, and the cursors of the first, the middle and the last page in each order. */
export type Places = { count: number; cursors: Partial<Record<ListSort, (Cursor | null)[]>> }

const columns: Record<SortColumn, string> = {
  name: 'name collate "und-x-icu"',
  connected: 'first_connected_at',
  expires: 'expires_at',
  checked: 'last_checked_at',
  orcid: 'orcid',
}

// As many tell where about the middle is. Sorting a million names takes half a minute.
const sampled = 20_000

export async function findPlaces(
  { databaseUrl }: SizedPortal,
  filters: ListFilters,
  sorts: readonly ListSort[],
): Promise<Places> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query('set jit = off; set random_page_cost = 1.1')
    const { text, values } = toCondition({ ...filters, cursor: null })
    const counts = Object.entries(columns).map(([name, key]) => `count(${key})::int as ${name}`)
    const counting = `select count(*)::int as count, ${counts.join(', ')} from researcher where ${text}`
    const found: Record<SortColumn | 'count', number> = (await client.query(counting, values)).rows[0]
    const cursors: Places['cursors'] = {}
    for (const sort of sorts) {
      const seek = { client, text, values, sort, count: found.count, present: found[columnOf(sort)] }
      cursors[sort] =
        found.count <= pageSize ? [null, null, null] : [null, await findMiddle(seek), await findLast(seek)]
    }
    return { count: found.count, cursors }
  } finally {
    await client.end()
  }
}

type Seek = {
  client: pg.Client
  text: string
  values: unknown[]
  sort: ListSort
  count: number
  /** How many have a value to be sorted by: the others come last. */
  present: number
}

/** Near enough to the middle: that of some of the rows. */
async function findMiddle({ client, text, values, sort, count, present }: Seek): Promise<Cursor> {
  const offset = count >> 1
  const { where, order, key } = orderOf(sort, offset < present)
  const share = offset < present ? offset / present : (offset - present) / (count - present)
  const some = count > sampled ? `tablesample system (${(100 * sampled) / count}) repeatable (1)` : ''
  const { rows } = await client.query(
    `with sample as materialized (select * from researcher ${some} where ${text} and ${where})
     select ${key} as key, id from sample as researcher order by ${order}
     offset (select floor(count(*) * ${share})::int from sample) limit 1`,
    values,
  )
  return toCursor(sort, rows[0], offset)
}

/** After the row before the last fifty. */
async function findLast({ client, text, values, sort, count, present }: Seek): Promise<Cursor> {
  const fromEnd = Math.min(pageSize, count - 1)
  const absent = count - present
  const isPresent = fromEnd >= absent
  const { where, reverse, key } = orderOf(sort, isPresent)
  // Walking from the end is quick unless few of those who are passed are wanted.
  await client.query(`set enable_sort = ${count > sampled ? 'off' : 'on'}`)
  const { rows } = await client.query(
    `select ${key} as key, id from researcher where ${text} and ${where}
     order by ${reverse} offset ${isPresent ? fromEnd - absent : fromEnd} limit 1`,
    values,
  )
  await client.query('set enable_sort = on')
  return toCursor(sort, rows[0], count - fromEnd)
}

function orderOf(sort: ListSort, isPresent: boolean) {
  const key = columns[columnOf(sort)]
  const [way, back] = sort.startsWith('-') ? ['desc', 'asc'] : ['asc', 'desc']
  return isPresent
    ? { key, where: `${key} is not null`, order: `${key} ${way}, id ${way}`, reverse: `${key} ${back}, id ${back}` }
    : { key, where: `${key} is null`, order: `id ${way}`, reverse: `id ${back}` }
}

function toCursor(sort: ListSort, { key, id }: { key: string | Date | null; id: string }, before: number): Cursor {
  return { sort, go: 'next', key: key instanceof Date ? key.toISOString() : key, id, from: before + 1 }
}
