import { setImmediate as othersTurn } from 'node:timers/promises'

/** Rows as PostgreSQL writes them, a line each, in pieces of any length. */
export type Part = readonly Buffer[]

export type Row = Readonly<Record<string, string | number | boolean | readonly string[] | null>>

const lineFeed = 0x0a
/** So many rows are written before pages have their turn. */
const together = 250

/** The rows of parts that PostgreSQL has written as an object a line. */
export async function* readRows(parts: AsyncIterable<Part>): AsyncGenerator<Row> {
  for await (const part of parts) {
    const bytes = Buffer.concat(part)
    let from = 0
    for (let row = 0; from < bytes.length; row++) {
      if (row % together === 0) await othersTurn()
      const end = bytes.indexOf(lineFeed, from)
      yield JSON.parse(bytes.toString('utf8', from, end))
      from = end + 1
    }
  }
}

/** How many rows there are. */
export function countRows(part: Part): number {
  let count = 0
  for (const bytes of part) {
    for (let at = bytes.indexOf(lineFeed); at !== -1; at = bytes.indexOf(lineFeed, at + 1)) count++
  }
  return count
}
