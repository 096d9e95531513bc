/** Why a cell is refused. */
export type CellFault = 'junk' | 'direction' | 'broken_character' | 'secret_link' | 'rewritten_number' | 'too_long'

export const cellCharsMax = 4_000

const junk = /^(#N\/A|#N\/V|#REF!|#VALUE!|#NAME\?|#NULL!|#DIV\/0!|#NUM!|#BEZUG!|#WERT!|NULL|\(null\)|undefined|NaN)$/i
// They turn the text around them, so that it reads otherwise than it is saved.
const turning = /[\u202a-\u202e\u2066-\u2069]/u
const invisible = /(?![\u200c\u200d])(?:[\p{Cf}\u3164\u115f\u1160\uffa0\u2800]|\u034f)/gu
const spaces = /[\s\p{Z}\p{Cc}]+/gu
/** Spreadsheets make such of long numbers. */
const rewritten = /^[+-]?\d+(?:[.,]\d+)?E[+-]?\d+$/i
const secretLink = /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]*:[^/?#\s]*@/i

/** A cell in one line without what nobody sees, or why it is refused. */
export function readCell(given: string): { text: string } | { fault: CellFault } {
  if (given.includes('\ufffd')) return { fault: 'broken_character' }
  if (turning.test(given)) return { fault: 'direction' }
  const text = given
    .normalize('NFC')
    .replace(invisible, '')
    .replace(/\p{Cs}/gu, '')
    .replace(spaces, ' ')
    .trim()
  if (junk.test(text)) return { fault: 'junk' }
  if (rewritten.test(text)) return { fault: 'rewritten_number' }
  if (secretLink.test(text)) return { fault: 'secret_link' }
  return text.length > cellCharsMax ? { fault: 'too_long' } : { text }
}
