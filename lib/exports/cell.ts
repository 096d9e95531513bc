/** How a value is written: a word of ours, free text, a time as PostgreSQL has it, words with spaces between, yes or no. */
export type CellKind = 'word' | 'text' | 'time' | 'list' | 'flag'

// What makes a spreadsheet take a cell for a formula (https://owasp.org/www-community/attacks/CSV_Injection), behind
// any number of apostrophes.
const looksLikeFormula = /^'*[=+\-@\t\r\n＝＋－＠]/
const wasDefused = /^'+[=+\-@\t\r\n＝＋－＠]/

/**
 * A text as a cell that no spreadsheet calculates: one more apostrophe goes before a formula, and before a text of
 * apostrophes and then a formula, so that `parseCell` can tell them apart. Names like ’t Hooft stay as they are.
 */
export function defuseCell(text: string): string {
  return looksLikeFormula.test(text) ? `'${text}` : text
}

/** The text that `defuseCell` made this cell of. */
export function parseCell(cell: string): string {
  return wasDefused.test(cell) ? cell.slice(1) : cell
}

/** `2026-01-02 03:04:05.678`, as PostgreSQL writes a time in UTC, in ISO 8601 with milliseconds. */
export function toIsoTime(text: string): string {
  if (text.length === 23) return `${text.slice(0, 10)}T${text.slice(11)}Z`
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${text.slice(20).padEnd(3, '0')}Z`
}

/** The same, remembering what it gave: for texts of which a file has few, each of them often. */
export function remember(write: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>()
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    // A copy: what is remembered as a piece of a batch would keep the whole batch in memory.
    const own = Buffer.from(text).toString()
    const written = write(own)
    if (known.size < 1_000) known.set(own, written)
    return written
  }
}
