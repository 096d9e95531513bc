import anyAscii from 'any-ascii'
import { distance } from 'fastest-levenshtein'

/** `unknown`: one of the names is missing, or its script does not tell how it sounds. */
export type Likeness = 'alike' | 'unlike' | 'unknown'

// Han characters sound differently in each language; Arabic and Hebrew leave out vowels.
const silent = /[\p{Script=Han}\p{Script=Arabic}\p{Script=Hebrew}]/u

/**
 * Compares two names of a person. Order, initials, accents, transliteration, spelling and one changed name of several
 * are tolerated.
 */
export function compareNames(one: string | null, other: string | null): Likeness {
  const [some, others] = [toWords(one ?? ''), toWords(other ?? '')]
  if (some.length === 0 || others.length === 0) return 'unknown'
  if (areAlike(some, others)) return 'alike'
  return silent.test(`${one}`) === silent.test(`${other}`) ? 'unlike' : 'unknown'
}

/** Whether two names are the same words, in any order, script or spelling of accents. */
export const areNamesakes = (one: string, other: string) =>
  toWords(one).sort().join(' ') === toWords(other).sort().join(' ')

function toWords(name: string): string[] {
  return anyAscii(name.normalize('NFKC'))
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .replace(/['`]/g, '')
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
}

function areAlike(some: string[], others: string[]): boolean {
  const [fewer, more] = some.length <= others.length ? [some, others] : [others, some]
  const left = [...more]
  let [whole, initials] = [0, 0]
  // Whole words first, so that an initial does not take a word that another one equals.
  for (const word of fewer) {
    const found = left.findIndex((each) => isSameWord(word, each))
    if (found < 0) continue
    whole += 1
    left.splice(found, 1)
  }
  for (const word of fewer) {
    const found = left.findIndex((each) => isInitial(word, each) || isInitial(each, word))
    if (found < 0) continue
    initials += 1
    left.splice(found, 1)
  }
  if (whole > 0 && 2 * (whole + initials) >= fewer.length) return true
  return isSameWord(some.join(''), others.join(''))
}

const isInitial = (letter: string, word: string) => letter.length === 1 && word.startsWith(letter)

function isSameWord(one: string, other: string): boolean {
  if (one === other) return one.length > 1
  const [short, long] = one.length < other.length ? [one, other] : [other, one]
  if (short.length >= 3 && long.startsWith(short)) return true
  return short.length >= 4 && distance(one, other) <= 0.3 * long.length
}
