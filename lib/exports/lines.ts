import { setImmediate as yieldToEventLoop } from 'node:timers/promises'

/** Rows from PostgreSQL, one a line, in chunks of any length. */
export type Part = readonly Buffer[]

export type Row = Readonly<Record<string, string | number | boolean | readonly string[] | null>>

const lineFeed = 0x0a
/** Rows between two yields to the event loop, which serves pages. */
const rowsPerYield = 250

/** Parses parts in JSON Lines. */
export async function* readRows(parts: AsyncIterable<Part>): AsyncGenerator<Row> {
  for await (const part of parts) {
    const bytes = Buffer.concat(part)
    let from = 0
    for (let row = 0; from < bytes.length; row++) {
      if (row % rowsPerYield === 0) await yieldToEventLoop()
      const end = bytes.indexOf(lineFeed, from)
      yield JSON.parse(bytes.toString('utf8', from, end))
      from = end + 1
    }
  }
}

/** Rows of a part, by its line feeds. */
export function countRows(part: Part): number {
  let count = 0
  for (const bytes of part) {
    for (let at = bytes.indexOf(lineFeed); at !== -1; at = bytes.indexOf(lineFeed, at + 1)) count++
  }
  return count
}
