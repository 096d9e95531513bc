import { closeSync, existsSync, fstatSync, fsyncSync, openSync, readFileSync, readSync, writeSync } from 'node:fs'
import { z } from 'zod'

/**
 * The ledger: a file beside the database that says what must not come back when the database is restored from a backup.
 * Its first line says whose it is; every other line is what happened since the one before, and has a random mark by
 * which the database knows how far it got. It holds random ids of rows, one-word states and times: no names, iDs or
 * tokens. It is only ever added to.
 */
export type LedgerOwner = { registry: string; installedAt: string }

const id = z.uuid()
const at = z.iso.datetime()
const line = z.object({
  mark: id,
  at,
  /** Researchers who were erased. */
  erased: z.array(z.tuple([id, at])).default([]),
  /** Grants that ended, and as what; `live` where one was revived. The last of several counts. */
  ended: z.array(z.tuple([id, at, z.string()])).default([]),
  /** Grants that were given. */
  granted: z.array(z.tuple([id, at])).default([]),
})
const head = z.object({ ledger: z.literal('concord'), registry: z.string(), installedAt: at })

export type LedgerLine = z.infer<typeof line>

/** More than the longest line: one of `entriesPerLine` entries. */
const tailBytes = 128 * 1024

/** How many entries a line holds at most. */
export const entriesPerLine = 500

/** Whose the ledger is and its last whole line; null where there is no ledger, or none with a line. */
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

/** Every whole line, and how many are damaged, such as one that a crash has cut short. */
export function readLedger(file: string): { lines: LedgerLine[]; unreadable: number } {
  if (!existsSync(file)) return { lines: [], unreadable: 0 }
  const [, ...rest] = readFileSync(file, 'utf8').split('\n')
  const lines = rest.filter(Boolean).map((text) => parse(text, line))
  const good = lines.filter((parsed) => parsed !== null)
  return { lines: good, unreadable: lines.length - good.length }
}

/** Adds a line and waits until the disk has it. An empty file gets the line that says whose it is first. */
export function appendLine(file: string, owner: LedgerOwner, added: LedgerLine): void {
  const handle = openSync(file, 'a+', 0o600)
  try {
    const { size } = fstatSync(handle)
    const begun = size === 0 ? `${JSON.stringify({ ledger: 'concord', ...owner })}\n` : ''
    // What a crash has cut short stays as it is, and alone on its line.
    const broken = size > 0 && readBytes(handle, size - 1, 1).toString() !== '\n' ? '\n' : ''
    writeSync(handle, `${begun}${broken}${JSON.stringify(added)}\n`)
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
  if (!parsed) throw new Error(`${file} does not begin as a ledger does`)
  return { registry: parsed.registry, installedAt: parsed.installedAt }
}
