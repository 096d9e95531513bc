import { setImmediate as othersTurn } from 'node:timers/promises'

export type Row = Readonly<Record<string, string | number | boolean | readonly string[] | null>>

/** So many rows are written before pages have their turn. */
const together = 250

/** The rows of parts that PostgreSQL has written as an object a line. */
export async function* readRows(parts: AsyncIterable<Buffer>): AsyncGenerator<Row> {
  for await (const part of parts) {
    const lines = part.toString('utf8').split('\n')
    lines.pop()
    for (const [place, line] of lines.entries()) {
      if (place % together === 0) await othersTurn()
      yield JSON.parse(line)
    }
  }
}
