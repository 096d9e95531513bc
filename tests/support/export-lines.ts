import { readPart, readTexts } from '@/lib/bulk'
import { Prisma } from '@/lib/db'
import type { Layout } from '@/lib/exports/layout'

/** A row of `researcher`, by the names of its columns. */
export type ResearcherColumns = {
  id: string
  orcid: string
  registry: 'production' | 'sandbox' | 'local'
  name: string | null
  state: string
  finding: string | null
  live_scopes: string[]
  first_connected_at: string | null
  expires_at: string | null
  withdrew_at: string | null
  department: string | null
  local_id: string | null
  conflict: boolean
  created_at: string
}

const never = new AbortController().signal

/** The file that PostgreSQL writes of rows that are in no table, in the batches in which they come. */
export async function writeFile(layout: Layout, ...batches: Partial<ResearcherColumns>[][]): Promise<string> {
  const leftOut = new Map<string, number>()
  let text = ''
  for (const rows of batches) {
    const part = await readPart(
      Prisma.sql`select id as person, ${layout.line} as line, ${layout.reason} as reason
        from jsonb_populate_recordset(null::researcher, ${JSON.stringify(rows)}::jsonb) as researcher`,
      layout.between,
      never,
    )
    if (part.rows > 0) text += (text ? layout.between : '') + part.text
    for (const reason of part.reasons?.split('\n') ?? []) leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1)
  }
  return layout.head + text + layout.tail(leftOut)
}

/** What an expression about `value` gives for each of these. */
export async function evaluate(sql: Prisma.Sql, values: readonly string[]): Promise<string[]> {
  const rows = await readTexts<{ given: string }>(
    Prisma.sql`select ${sql} as given from unnest(${values}::text[]) with ordinality as given (value, n) order by n`,
    never,
  )
  return rows.map(({ given }) => given)
}

/** The text of which a cell was made: one apostrophe less where some stand before what begins a formula. */
export function parseCell(cell: string): string {
  return /^'+[=+\-@\t\r\n＝＋－＠]/.test(cell) ? cell.slice(1) : cell
}

/** What no text of PostgreSQL can have: the character of number zero, and halves of pairs. */
export const isStorable = (text: string) => !/[\0\p{Cs}]/u.test(text)
