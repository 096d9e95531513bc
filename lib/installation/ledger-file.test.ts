import { randomUUID } from 'node:crypto'
import { appendFileSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { appendLine, entriesPerLine, type LedgerLine, readLedger, readLedgerEnd } from '@/lib/installation/ledger-file'

const owner = { registry: 'local', installedAt: '2026-11-21T12:00:00.000Z' }
const at = '2026-11-21T12:34:56.789Z'
let directory: string
let file: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'concord-ledger-'))
  file = join(directory, 'ledger')
})
afterEach(() => rmSync(directory, { recursive: true }))

const line = (more: Partial<LedgerLine> = {}): LedgerLine => ({
  mark: randomUUID(),
  at,
  erased: [],
  ended: [],
  granted: [],
  declined: [],
  suppressed: [],
  stopped: [],
  objected: [],
  ...more,
})

function append(...lines: LedgerLine[]): LedgerLine[] {
  for (const one of lines) appendLine(file, owner, one)
  return lines
}

describe('the ledger', () => {
  test('gives back what was written, and whose it is', () => {
    const lines = append(line({ erased: [[randomUUID(), at]] }), line({ ended: [[randomUUID(), at, 'superseded']] }))
    expect(readLedger(file)).toEqual({ lines, unreadable: 0 })
    expect(readLedgerEnd(file)).toEqual({ owner, last: lines[1] })
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  test('finds its last line behind the longest one that there is', () => {
    const entries = Array.from({ length: entriesPerLine }, () => [randomUUID(), at, 'record_deactivated'] as const)
    const lines = append(
      line({ ended: entries.map((entry) => [...entry]) }),
      line({ ended: entries.map((e) => [...e]) }),
    )
    expect(readLedgerEnd(file)?.last).toEqual(lines[1])
    const hash = 'f'.repeat(64)
    const [longest] = append(line({ suppressed: entries.map(([id]) => [hash, at, 'unsubscribed', id]) }))
    expect(readLedgerEnd(file)?.last).toEqual(longest)
  })

  test('passes over a line that a crash has cut short, counts it, and goes on below it', () => {
    const [first] = append(line(), line())
    truncateSync(file, statSync(file).size - 20)
    expect(readLedgerEnd(file)?.last).toEqual(first)
    const [third] = append(line())
    expect(readLedger(file)).toEqual({ lines: [first, third], unreadable: 1 })
  })

  test('is none while there is no file or no line, and is refused where the file is something else', () => {
    expect(readLedgerEnd(file)).toBeNull()
    writeFileSync(file, '')
    expect(readLedgerEnd(file)).toBeNull()
    writeFileSync(file, 'something else\n')
    appendFileSync(file, `${JSON.stringify(line())}\n`)
    expect(() => readLedgerEnd(file)).toThrow('does not begin with the header of a ledger')
  })
})
