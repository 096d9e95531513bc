import { closeSync, existsSync, fstatSync, fsyncSync, openSync, readFileSync, readSync, writeSync } from 'node:fs'
import { z } from 'zod'

/**
 * The restore ledger is an append-only file outside the database. It remembers what a restore must not undo. The first
 * line names its installation. Every other line lists changes and has a random mark, the database's position in the
 * file. It holds random row ids, states, times and keyed hashes of numbers and addresses: no names, iDs or tokens.
 */
export type LedgerOwner = { registry: string; installedAt: string }

const id = z.uuid()
const at = z.iso.datetime()
const line = z.object({
  mark: id,
  at,
  erased: z.array(z.tuple([id, at])).default([]),
  /** Grants with their end state, or `live` if revived. The last entry of a grant counts. */
  ended: z.array(z.tuple([id, at, z.string()])).default([]),
  granted: z.array(z.tuple([id, at])).default([]),
  /** People whom nobody asks, with the reason, or `lifted`. The last entry of a person counts. */
  declined: z.array(z.tuple([id, at, z.string()])).default([]),
  /** Hashes of addresses that get no mail, with the reason, or `lifted`, and whose they are. The last entry counts. */
  suppressed: z.array(z.tuple([z.string(), at, z.string(), id.nullable()])).default([]),
  /** Whoever paused or stopped a system, or `lifted` that, and the system. The last entry counts. */
  stopped: z.array(z.tuple([id, at, z.string(), id])).default([]),
  /** Hashes of numbers and addresses that may not be on the roster, with the reason, or `lifted`. The last entry counts. */
  objected: z.array(z.tuple([z.string(), at, z.string()])).default([]),
})
const head = z.object({ ledger: z.literal('concord'), registry: z.string(), installedAt: at })

export type LedgerLine = z.infer<typeof line>

/** Longer than any line of `entriesPerLine` entries. */
const tailBytes = 128 * 1024

export const entriesPerLine = 500

/** The ledger's owner and last complete line; null without a ledger or a line. */
export function readLedgerEnd(file: string): { owner: LedgerOwner; last: LedgerLine } | null {
  if (!existsSync(file)) return null
  const handle = openSync(file, 'r')
  try {
    const { size } = fstatSync(handle)
    const last = readLines(handle, Math.max(0, size - tailBytes), tailBytes)
      .map((text) => parse(text, line))
      .findLast((parsed) => parsed !== null)
    if (!last) return null
    return { owner: ownerOf(readLines(handle, 0, 1024)[0] ?? '', file), last }
  } finally {
    closeSync(handle)
  }
}

/** All complete lines. `unreadable` counts damaged ones, for example after a crash. */
export function readLedger(file: string): { lines: LedgerLine[]; unreadable: number } {
  if (!existsSync(file)) return { lines: [], unreadable: 0 }
  const [, ...rest] = readFileSync(file, 'utf8').split('\n')
  const lines = rest.filter(Boolean).map((text) => parse(text, line))
  const good = lines.filter((parsed) => parsed !== null)
  return { lines: good, unreadable: lines.length - good.length }
}

/** Appends a line and syncs the disk. An empty file first gets the owner's line. */
export function appendLine(file: string, owner: LedgerOwner, added: LedgerLine): void {
  const handle = openSync(file, 'a+', 0o600)
  try {
    const { size } = fstatSync(handle)
    const header = size === 0 ? `${JSON.stringify({ ledger: 'concord', ...owner })}\n` : ''
    // A line that a crash cut short stays as it is, on its own line.
    const lineBreak = size > 0 && readBytes(handle, size - 1, 1).toString() !== '\n' ? '\n' : ''
    writeSync(handle, `${header}${lineBreak}${JSON.stringify(added)}\n`)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function readBytes(handle: number, from: number, length: number): Buffer {
  const buffer = Buffer.alloc(length)
  return buffer.subarray(0, readSync(handle, buffer, 0, length, from))
}

const readLines = (handle: number, from: number, length: number) =>
  readBytes(handle, from, length).toString('utf8').split('\n')

function parse<T>(text: string, schema: z.ZodType<T>): T | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

function ownerOf(text: string, file: string): LedgerOwner {
  const parsed = parse(text, head)
  if (!parsed) throw new Error(`${file} does not begin with the header of a ledger`)
  return { registry: parsed.registry, installedAt: parsed.installedAt }
}
