import { setImmediate as nextTurn } from 'node:timers/promises'
import { CsvError, parse } from 'csv-parse'
import { parse as parseSync } from 'csv-parse/sync'
import { type Table, TableRows } from '@/lib/imports/table'

const delimiters = [',', ';', '\t', '|'] as const
/** Parsed without a break, these take some milliseconds, or tens of them where every character is a line. */
const pieceChars = 2_048
const lineEndsPerTurn = 100_000
const recordCharsMax = 100_000
const options = { record_delimiter: '\n', relax_column_count: true, max_record_size: recordCharsMax }

type Position = { at: number; line: number }

/**
 * Reads text with separated values: any line ends, quoted line breaks, and the separator that cuts the first lines most
 * evenly. A stray quote costs its own line. `rowsMax` rows are kept; `rowCount` counts all.
 */
export async function readDelimited(given: string, rowsMax: number): Promise<Table> {
  const text = await toLineFeeds(given)
  // Excel's line that names the separator is no row.
  const [named = '', chosen] = /^sep=(.)\n/i.exec(text) ?? []
  const delimiter = chosen ?? findDelimiter(text.slice(named.length, named.length + recordCharsMax))
  const rows = new TableRows()
  const broken: number[] = []
  let rowCount = 0
  const take = (cells: string[], line: number) => {
    if (cells.every((cell) => cell.trim() === '')) return
    rowCount += 1
    if (rows.length < rowsMax) rows.push({ line, cells: cells.map(cleanCell) })
  }
  let position: Position | null = { at: named.length, line: named === '' ? 1 : 2 }
  while (position) position = await readUntilBroken(text, position, delimiter, take, broken)
  return { rows, rowCount, broken, otherSheets: [] }
}

// Our own files have an apostrophe more before what a spreadsheet would calculate (`formula_safe` in the database).
const defused = /^'+[\t\r\n+\-=@\uff0b\uff0d\uff1d\uff20]/

/** Spreadsheets write `="000123"` to keep leading zeros. */
function cleanCell(cell: string): string {
  if (defused.test(cell)) return cell.slice(1)
  return /^="(.*)"$/s.exec(cell)?.[1]?.replaceAll('""', '"') ?? cell
}

/** Other requests have their turn in between: a million line ends take a tenth of a second. */
async function toLineFeeds(text: string): Promise<string> {
  const parts: string[] = []
  for (let from = 0; from < text.length; ) {
    const end = from + lineEndsPerTurn
    const to = text[end - 1] === '\r' && text[end] === '\n' ? end + 1 : end
    parts.push(text.slice(from, to).replace(/\r\n?/g, '\n'))
    from = to
    await nextTurn()
  }
  return parts.join('')
}

/** Reads on from a line; where a quote breaks it, reads that line by itself or skips it, and says where to go on. */
async function readUntilBroken(
  text: string,
  { at, line }: Position,
  delimiter: string,
  take: (cells: string[], line: number) => void,
  broken: number[],
): Promise<Position | null> {
  let next = line
  const parser = parse({
    delimiter,
    ...options,
    info: true,
  })
  const ended = new Promise<void>((resolve, reject) => parser.on('end', resolve).on('error', reject))
  ended.catch(() => undefined)
  parser.on('data', ({ record, info }: { record: string[]; info: { lines: number } }) => {
    take(record, next)
    // `info.lines` is the last line of a record, which may contain line breaks.
    next = line + info.lines
  })
  try {
    for (let from = at; from < text.length && !parser.destroyed; from += pieceChars) {
      parser.write(text.slice(from, from + pieceChars))
      await nextTurn()
    }
    parser.end()
    await ended
    return null
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const start = findLine(text, at, next - line)
    const end = text.indexOf('\n', start)
    const alone = readAlone(text.slice(start, end < 0 ? undefined : end), delimiter)
    if (alone) take(alone, next)
    else broken.push(next)
    return end < 0 || broken.length >= brokenMax ? null : { at: end + 1, line: next + 1 }
  }
}

/** A line with quotes inside its cells; null if a cell begins with one that does not end. */
function readAlone(line: string, delimiter: string): string[] | null {
  try {
    const [cells] = parseSync(line, { ...options, delimiter, relax_quotes: true }) as string[][]
    return cells ?? null
  } catch (error) {
    if (error instanceof CsvError) return null
    throw error
  }
}

const brokenMax = 1_000

/** Where the line begins that comes `lines` after the one at `from`. */
function findLine(text: string, from: number, lines: number): number {
  let at = from
  for (let passed = 0; passed < lines; passed++) {
    const end = text.indexOf('\n', at)
    if (end < 0) return at
    at = end + 1
  }
  return at
}

const linesCompared = 20

/** The separator with the most cells in the first line that the next lines have as well. */
function findDelimiter(start: string): string {
  const lines = start.split('\n').filter((line) => line.trim() !== '')
  const scores = delimiters.map((delimiter) => {
    const counts = lines.slice(0, linesCompared).map((line) => countOutsideQuotes(line, delimiter))
    const [first = 0] = counts
    const alike = counts.filter((count) => count === first).length
    return { delimiter, score: first === 0 ? 0 : first + alike / counts.length }
  })
  return scores.reduce((best, one) => (one.score > best.score ? one : best)).delimiter
}

function countOutsideQuotes(line: string, delimiter: string): number {
  return line.replace(/"[^"]*"/g, '').split(delimiter).length - 1
}
