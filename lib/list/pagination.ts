import { z } from 'zod'

const go = z.enum(['next', 'previous'])

type Go = z.infer<typeof go>

/** For lists by time, newest first. The cursor's own row is not on the page. */
export const timeCursor = z.strictObject({
  go,
  at: z.iso.datetime({ precision: 3 }).refine((text) => text >= '1900'),
  id: z.guid(),
})
export type TimeCursor = z.infer<typeof timeCursor>

/** For lists by id, highest first. A bigint has up to 19 digits. */
export const idCursor = z.strictObject({ go, id: z.string().regex(/^[1-9]\d{0,17}$/) })
export type IdCursor = z.infer<typeof idCursor>

/** Parses a cursor from a URL. */
export const cursorParameter = <Cursor extends z.ZodType>(cursor: Cursor, maxLength = 300) =>
  z.string().max(maxLength).transform(decodeCursor).pipe(cursor)

function decodeCursor(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
  } catch {
    return null
  }
}

/** The inverse of `cursorParameter`. */
export const encodeCursor = (cursor: unknown) => Buffer.from(JSON.stringify(cursor)).toString('base64url')

export type Page<Row, Cursor> = { rows: Row[]; next: Cursor | null; previous: Cursor | null }

type List<Row, Cursor> = {
  size: number
  /** Null for the first page. */
  cursor: Cursor | null
  /** Reads up to `limit` rows, in the cursor's direction. */
  read: (cursor: Cursor | null, limit: number) => Promise<Row[]>
  cursorOf: (row: Row, go: Go) => Cursor
}

/** Keyset pagination: `next` visits every row once despite inserts. An empty page becomes the first page. */
export async function paginate<Row, Cursor extends { go: Go }>(list: List<Row, Cursor>): Promise<Page<Row, Cursor>> {
  const { size, cursor, read, cursorOf } = list
  const found = await read(cursor, size + 1)
  if (found.length === 0 && cursor) return paginate({ ...list, cursor: null })
  const back = cursor?.go === 'previous'
  const more = found.length > size
  const rows = found.slice(0, size)
  if (back) rows.reverse()
  const [first, last] = [rows[0], rows.at(-1)]
  return {
    rows,
    next: last && (back || more) ? cursorOf(last, 'next') : null,
    previous: first && (back ? more : cursor) ? cursorOf(first, 'previous') : null,
  }
}

const walk = (cursor: { go: Go } | null) =>
  cursor?.go === 'previous' ? ({ than: 'gt', order: 'asc' } as const) : ({ than: 'lt', order: 'desc' } as const)

/** The bound on the time alone lets PostgreSQL use an index. */
export function afterCursor<Column extends string>(column: Column, cursor: TimeCursor | null) {
  const { than, order } = walk(cursor)
  const where = cursor && {
    [column]: { [`${than}e`]: cursor.at },
    OR: [{ [column]: { [than]: cursor.at } }, { [column]: cursor.at, id: { [than]: cursor.id } }],
  }
  return { where: where ?? {}, orderBy: [{ [column]: order }, { id: order }] }
}

/** For lists by id. */
export function afterId(cursor: IdCursor | null) {
  const { than, order } = walk(cursor)
  return { where: cursor ? { id: { [than]: BigInt(cursor.id) } } : {}, orderBy: { id: order } }
}

/** Makes cursors from a row's time and id. */
export function timeCursorOf<Column extends string>(column: Column) {
  return (row: Record<Column, Date> & { id: string }, go: Go): TimeCursor => ({
    go,
    at: row[column].toISOString(),
    id: row.id,
  })
}

/** The cursor of a row of a list by number. */
export const idCursorOf = ({ id }: { id: bigint }, go: Go): IdCursor => ({ go, id: String(id) })
