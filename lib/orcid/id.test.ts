import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findOrcid, orcidUri, parseOrcid } from './id'

const CHARACTERS = [...'0123456789X']

// ORCID's public example, two with the other kinds of ending, and one of the newer range.
const KNOWN = ['0000-0002-1825-0097', '0000-0002-9079-593X', '0000-0001-5109-3700', '0009-0001-0000-0006']

/** The other way to state MOD 11-2: the weighted sum of all sixteen characters is 1 modulo 11. */
function isCongruent(compact: string): boolean {
  const values = [...compact].map((character) => (character === 'X' ? 10n : BigInt(character)))
  return values.reduce((sum, value, index) => sum + value * 2n ** BigInt(15 - index), 0n) % 11n === 1n
}

function format(compact: string): string {
  return compact.replace(/^(.{4})(.{4})(.{4})(.{4})$/, '$1-$2-$3-$4')
}

const compactOrcid = fc
  .array(fc.integer({ min: 0, max: 9 }), { minLength: 15, maxLength: 15 })
  .map((digits) => digits.join(''))
  .map((base) => base + CHARACTERS.find((character) => isCongruent(base + character)))

test.each(KNOWN)('the published iD %s is read as it is', (orcid) => {
  expect(parseOrcid(orcid)).toBe(orcid)
})

test('every base number with its check character is an iD, and no other check character makes it one', () => {
  fc.assert(
    fc.property(compactOrcid, (compact) => {
      const accepted = CHARACTERS.filter((character) => parseOrcid(format(compact.slice(0, 15) + character)))
      expect(accepted).toEqual([compact[15]])
    }),
  )
})

test('an iD with one character changed is never an iD', () => {
  fc.assert(
    fc.property(compactOrcid, fc.nat(15), fc.constantFrom(...CHARACTERS), (compact, at, character) => {
      fc.pre(compact[at] !== character)
      expect(parseOrcid(format(compact.slice(0, at) + character + compact.slice(at + 1)))).toBeNull()
    }),
  )
})

test('an iD with two neighbouring characters swapped is never an iD', () => {
  fc.assert(
    fc.property(compactOrcid, fc.nat(14), (compact, at) => {
      const [first, second] = [compact.charAt(at), compact.charAt(at + 1)]
      fc.pre(first !== second)
      expect(parseOrcid(format(compact.slice(0, at) + second + first + compact.slice(at + 2)))).toBeNull()
    }),
  )
})

test.each([
  'https://orcid.org/',
  'http://orcid.org/',
  'https://sandbox.orcid.org/',
  'http://sandbox.orcid.org/',
  'HTTPS://ORCID.ORG/',
])('an iD is read from its URI below %s', (origin) => {
  for (const orcid of KNOWN) expect(parseOrcid(origin + orcid)).toBe(orcid)
})

test.each([
  ['a lower-case x', '0000-0002-9079-593x'],
  ['a lower-case x in a URI', 'https://orcid.org/0000-0002-9079-593x'],
  ['an X that is not last', '0000-0002-907X-5930'],
  ['a space inside', '0000-0002 -1825-0097'],
  ['spaces for hyphens', '0000 0002 1825 0097'],
  ['a space before it', ' 0000-0002-1825-0097'],
  ['a line break after it', '0000-0002-1825-0097\n'],
  ['no hyphens', '0000000218250097'],
  ['other hyphens', '0000‐0002‐1825‐0097'],
  ['other digits', '٠٠٠٠-٠٠٠٢-١٨٢٥-٠٠٩٧'],
  ['one digit too many', '0000-0002-1825-00970'],
  ['nothing', ''],
  ['a host that looks like ORCID', 'https://orcid.org.example.org/0000-0002-1825-0097'],
  ['a host that ends like ORCID', 'https://notorcid.org/0000-0002-1825-0097'],
  ['a host with another dot', 'https://sandboxXorcid.org/0000-0002-1825-0097'],
  ['a host that names no records', 'https://www.orcid.org/0000-0002-1825-0097'],
  ['a path below the record', 'https://orcid.org/0000-0002-1825-0097/works'],
  ['another scheme', 'ftp://orcid.org/0000-0002-1825-0097'],
  ['no scheme', 'orcid.org/0000-0002-1825-0097'],
])('an iD with %s is refused', (_, text) => {
  expect(parseOrcid(text)).toBeNull()
})

test('what is shown as a URI is read back as the same iD', () => {
  fc.assert(
    fc.property(compactOrcid.map(format), fc.constantFrom('production', 'sandbox', 'local'), (orcid, registry) => {
      expect(parseOrcid(orcidUri(orcid, registry))).toBe(orcid)
    }),
  )
  expect(orcidUri('0000-0002-1825-0097', 'production')).toBe('https://orcid.org/0000-0002-1825-0097')
  expect(orcidUri('0000-0002-1825-0097', 'local')).toBe('https://orcid.org/0000-0002-1825-0097')
  expect(orcidUri('0000-0002-1825-0097', 'sandbox')).toBe('https://sandbox.orcid.org/0000-0002-1825-0097')
})

const wrappings: [string, (orcid: string) => string][] = [
  ['an https URL', (orcid) => `https://orcid.org/${orcid}`],
  ['an http URL', (orcid) => `http://orcid.org/${orcid}`],
  ['a URL with www', (orcid) => `https://www.orcid.org/${orcid}`],
  ['a URL of the sandbox', (orcid) => `https://sandbox.orcid.org/${orcid}`],
  ['a URL without a scheme', (orcid) => `orcid.org/${orcid}`],
  ['a URL with a slash at its end', (orcid) => `https://orcid.org/${orcid}/`],
  ['a URL with a query', (orcid) => `https://orcid.org/${orcid}?lang=en`],
  ['a URL with a slash and a query', (orcid) => `https://orcid.org/${orcid}/?lang=en#works`],
  ['no hyphens', (orcid) => orcid.replaceAll('-', '')],
  ['spaces for hyphens', (orcid) => orcid.replaceAll('-', ' ')],
  ['spaces around hyphens', (orcid) => orcid.replaceAll('-', ' - ')],
  ['en dashes', (orcid) => orcid.replaceAll('-', '\u2013')],
  ['non-breaking hyphens', (orcid) => orcid.replaceAll('-', '\u2011')],
  ['minus signs', (orcid) => orcid.replaceAll('-', '\u2212')],
  ['soft hyphens', (orcid) => orcid.replaceAll('-', '\u00ad')],
  ['full-width characters', (orcid) => orcid.replace(/./g, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0))],
  ['spaces and a line break around it', (orcid) => `  ${orcid}\u00a0\n`],
  ['a tab before it', (orcid) => `\t${orcid}`],
  ['zero-width characters', (orcid) => `\ufeff${orcid.replaceAll('-', '-\u200b')}\u200e`],
  ['round brackets', (orcid) => `(${orcid})`],
  ['square brackets around a URL', (orcid) => `[https://orcid.org/${orcid}]`],
  ['angle brackets around a URL', (orcid) => `<https://orcid.org/${orcid}>`],
  ['quotes', (orcid) => `"${orcid}"`],
  ['typographic quotes', (orcid) => `\u201c${orcid}\u201d`],
  ['orcid: before it', (orcid) => `orcid:${orcid}`],
  ['ORCID iD: before it', (orcid) => `ORCID iD: ${orcid}`],
  ['a comma after it', (orcid) => `${orcid},`],
  ['a full stop after a URL', (orcid) => `https://orcid.org/${orcid}.`],
  ['a lower-case x', (orcid) => orcid.toLowerCase()],
]

test.each(wrappings)('a pasted iD is found with %s', (_, wrap) => {
  for (const orcid of KNOWN) expect(findOrcid(wrap(orcid))).toBe(orcid)
})

test.each([
  ['a wrong check character', '0000-0002-1825-0098'],
  ['a digit too many', '0000-0002-1825-00970'],
  ['a word before it', 'Carberry 0000-0002-1825-0097'],
  ['another host', 'https://orcid.org.example.org/0000-0002-1825-0097'],
  ['nothing', ''],
])('no pasted iD is found with %s', (_, text) => {
  expect(findOrcid(text)).toBeNull()
})
