import { analyse } from 'chardet'
import iconv from 'iconv-lite'

/** What files of spreadsheets are written in. The first ones are offered first. */
export const encodings = [
  'utf-8',
  'windows-1252',
  'windows-1250',
  'windows-1251',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'windows-1256',
  'windows-1257',
  'gb18030',
  'big5',
  'shift_jis',
  'euc-jp',
  'euc-kr',
  'koi8-r',
  'macintosh',
  'utf-16le',
  'utf-16be',
] as const
export type Encoding = (typeof encodings)[number]

// Spreadsheets on Windows write the wider sets, also where a detector names the ISO standard.
const names: Record<string, Encoding> = {
  'utf-8': 'utf-8',
  ascii: 'utf-8',
  'iso-8859-1': 'windows-1252',
  'iso-8859-2': 'windows-1250',
  'iso-8859-5': 'windows-1251',
  'iso-8859-6': 'windows-1256',
  'iso-8859-7': 'windows-1253',
  'iso-8859-8': 'windows-1255',
  'iso-8859-9': 'windows-1254',
  gb18030: 'gb18030',
  big5: 'big5',
  shift_jis: 'shift_jis',
  'euc-jp': 'euc-jp',
  'euc-kr': 'euc-kr',
  'koi8-r': 'koi8-r',
  'windows-1250': 'windows-1250',
  'windows-1251': 'windows-1251',
  'windows-1252': 'windows-1252',
  'windows-1253': 'windows-1253',
  'windows-1254': 'windows-1254',
  'windows-1255': 'windows-1255',
  'windows-1256': 'windows-1256',
}

/** `isSure`: a byte order mark, or every byte fits UTF-8. Others are the detector's best guess. */
export type DecidedEncoding = { encoding: Encoding; isSure: boolean }

const sampleBytes = 200_000

/** Decides by evidence: a byte order mark, valid UTF-8, UTF-8 with a few broken bytes, then letter frequencies. */
export function decideEncoding(bytes: Uint8Array): DecidedEncoding {
  const mark = readMark(bytes)
  if (mark) return { encoding: mark, isSure: true }
  const wide = readZeros(bytes)
  if (wide) return { encoding: wide, isSure: false }
  const { valid, broken } = countUtf8(bytes)
  if (broken === 0) return { encoding: 'utf-8', isSure: true }
  // Two bytes of other encodings rarely form a character of UTF-8, and never nine times out of ten.
  if (valid >= 10 * broken) return { encoding: 'utf-8', isSure: false }
  const cells = cellsBeyondAscii(sampleOf(bytes))
  const guesses = analyse(cells).filter(({ confidence }) => confidence > 0)
  const known = guesses.map(({ name }) => names[name.toLowerCase()])
  const guess = known.find((encoding) => encoding && encoding !== 'utf-8') ?? 'windows-1252'
  // The detector does not know it.
  const isMac = countMisread(decode(cells, 'macintosh')) < countMisread(decode(cells, guess))
  return { encoding: isMac ? 'macintosh' : guess, isSure: false }
}

const separators = [...',;\t\r\n'].map((each) => each.charCodeAt(0))

/** Column names and codes in English would hide the language of the other cells. */
function cellsBeyondAscii(bytes: Uint8Array): Uint8Array {
  const cells: number[] = []
  let start = 0
  for (let at = 0; at <= bytes.length; at++) {
    if (at < bytes.length && !separators.includes(bytes[at] ?? 0)) continue
    const cell = bytes.subarray(start, at)
    if (cell.some((byte) => byte >= 0x80)) cells.push(...cell, 0x0a)
    start = at + 1
  }
  return new Uint8Array(cells)
}

/** Capitals and symbols within words, and bytes without a character: so reads text that is in another encoding. */
const misread = /\p{Ll}(?![A-Z])\p{Lu}|\p{L}(?!\p{L}|\p{M}|[’–—])[^\0-\x7f]\p{L}|[\u0080-\u009f\ufffd]/gu
const countMisread = (text: string) => text.match(misread)?.length ?? 0

/** Replaces what is not in the encoding by U+FFFD. Drops a byte order mark. */
export function decode(bytes: Uint8Array, encoding: Encoding): string {
  // The library's table is from before the euro.
  if (encoding === 'macintosh') return new TextDecoder('macintosh').decode(bytes)
  return iconv.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), encoding)
}

const lineMax = 300

/** The first line that shows how a choice of the encoding reads: one with letters beyond ASCII. Null without any. */
export function exampleLine(bytes: Uint8Array, encoding: Encoding): string | null {
  const lines = decode(sampleOf(bytes), encoding).split(/\r\n|\r|\n/)
  return lines.find((line) => /[^\0-\x7f]/.test(line))?.slice(0, lineMax) ?? null
}

function readMark(bytes: Uint8Array): Encoding | null {
  const [one, two, three] = bytes
  if (one === 0xef && two === 0xbb && three === 0xbf) return 'utf-8'
  if (one === 0xff && two === 0xfe) return 'utf-16le'
  return one === 0xfe && two === 0xff ? 'utf-16be' : null
}

/** Every other byte of Western text in UTF-16 is zero. */
function readZeros(bytes: Uint8Array): Encoding | null {
  const sample = bytes.subarray(0, 2_000)
  let [even, odd] = [0, 0]
  for (const [index, byte] of sample.entries()) {
    if (byte !== 0) continue
    if (index % 2 === 0) even++
    else odd++
  }
  const many = sample.length / 4
  if (odd > many && even === 0) return 'utf-16le'
  return even > many && odd === 0 ? 'utf-16be' : null
}

/** Characters of more than one byte that are whole, and bytes that belong to none. */
function countUtf8(bytes: Uint8Array): { valid: number; broken: number } {
  let [valid, broken] = [0, 0]
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte < 0x80) continue
    const more = byte >= 0xf5 ? 0 : byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : byte >= 0xc2 ? 1 : 0
    let found = 0
    while (found < more && isContinuation(bytes[at + found + 1])) found++
    if (more > 0 && found === more) {
      valid++
      at += more
    } else broken++
  }
  return { valid, broken }
}

const isContinuation = (byte: number | undefined) => byte !== undefined && byte >= 0x80 && byte < 0xc0

/** The lines with bytes beyond ASCII, as they tell most. */
function sampleOf(bytes: Uint8Array): Uint8Array {
  if (bytes.length <= sampleBytes) return bytes
  const first = bytes.findIndex((byte) => byte >= 0x80)
  const start = Math.max(0, first - sampleBytes / 4)
  return bytes.subarray(start, start + sampleBytes)
}
