import pg from 'pg'
import type { SizedPortal } from '@/bench/sizes'
import { system } from '@/lib/actor'
import { toCondition } from '@/lib/researchers/condition'
import { type Cursor, columnOf, type ListFilters, type ListSort, type SortColumn } from '@/lib/researchers/schema'
import { sortKeys } from '@/lib/researchers/sort-keys'

export const pageSize = 50

/** How many the filters let through, and the cursors of the first, the middle and the last page in each order. */
export type Places = { count: number; cursors: Partial<Record<ListSort, (Cursor | null)[]>> }

const columns: Record<SortColumn, string> = {
  name: 'name',
  connected: 'first_connected_at',
  confirmed: 'last_confirmed_at',
  expires: 'expires_at',
  checked: 'last_checked_at',
  withdrew: 'withdrew_at',
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
    const { text, values } = toCondition(system, filters)
    const { count } = (await client.query(`select count(*)::int as count from person where ${text}`, values)).rows[0]
    const cursors: Places['cursors'] = {}
    for (const sort of sorts) {
      const seek = { client, text, values, sort, count }
      cursors[sort] = count <= pageSize ? [null, null, null] : [null, await findMiddle(seek), await findLast(seek)]
    }
    return { count, cursors }
  } finally {
    await client.end()
  }
}

type Seek = { client: pg.Client; text: string; values: unknown[]; sort: ListSort; count: number }

/** Near enough to the middle: that of some of the rows. */
async function findMiddle({ client, text, values, sort, count }: Seek): Promise<Cursor> {
  const { key, order } = orderOf(sort)
  const some = count > sampled ? `tablesample system (${(100 * sampled) / count}) repeatable (1)` : ''
  const { rows } = await client.query(
    `with sample as materialized (select * from person ${some} where ${text})
     select ${key} as key, id from sample as person order by ${order}
     offset (select count(*) / 2 from sample) limit 1`,
    values,
  )
  return toCursor(sort, rows[0], count >> 1)
}

/** After the row before the last fifty. */
async function findLast({ client, text, values, sort, count }: Seek): Promise<Cursor> {
  const { key, reverse } = orderOf(sort)
  const fromEnd = Math.min(pageSize, count - 1)
  const { rows } = await client.query(
    `select ${key} as key, id from person where ${text} order by ${reverse} offset ${fromEnd} limit 1`,
    values,
  )
  return toCursor(sort, rows[0], count - fromEnd)
}

function orderOf(sort: ListSort) {
  const column = columnOf(sort)
  const [way, back] = sort.startsWith('-') ? ['desc', 'asc'] : ['asc', 'desc']
  const by = (direction: string) => `${sortKeys[column].text} ${direction}, id ${direction}`
  return { key: columns[column], order: by(way), reverse: by(back) }
}

function toCursor(sort: ListSort, { key, id }: { key: string | Date | null; id: string }, before: number): Cursor {
  return { sort, go: 'next', key: key instanceof Date ? key.toISOString() : key, id, from: before + 1 }
}
