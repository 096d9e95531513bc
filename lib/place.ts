import { z } from 'zod'
import { decodeCursor, encodeCursor } from '@/lib/search'

/** Where a page of a list ended that has the newest first: by time, and by id among those of one time. */
export type Place = { at: string; id: string }

export type Page<Row, At> = { rows: Row[]; older: At | null }

const place = z.object({ at: z.iso.datetime(), id: z.uuid() })
// Ids of ours are far below the largest bigint, which has 19 digits.
const number = z.string().regex(/^\d{1,18}$/)

/** A place as an address has it, or null for what is none. */
export const parsePlace = (text: string): Place | null => place.safeParse(decodeCursor(text)).data ?? null

/** The inverse of `parsePlace`. */
export const toPlaceText = (at: Place): string => encodeCursor(at)

/** A place in a list that is ordered by a number, as an address has it, or null for what is none. */
export function parseNumberPlace(text: string): bigint | null {
  const parsed = number.safeParse(text)
  return parsed.success ? BigInt(parsed.data) : null
}

/** The rows that come after a place, as Prisma wants it said. Bounded by the time alone too, which an index can use. */
export function beyond<Column extends string>(column: Column, after: Place | null) {
  if (!after) return {}
  return {
    [column]: { lte: after.at },
    OR: [{ [column]: { lt: after.at } }, { [column]: after.at, id: { lt: after.id } }],
  }
}

/** Gives the place of a row by its time and id. */
export function placesOf<Column extends string>(column: Column) {
  return (row: Record<Column, Date> & { id: string }): Place => ({ at: row[column].toISOString(), id: row.id })
}

/** One page of what was found, which is one row more than a page where the list goes on. */
export function toPage<Row, At>(found: readonly Row[], size: number, placeOf: (row: Row) => At): Page<Row, At> {
  const rows = found.slice(0, size)
  const last = rows.at(-1)
  return { rows, older: found.length > size && last ? placeOf(last) : null }
}
