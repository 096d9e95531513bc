import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { makeLinkToken, makeReference, parseReference, readLinkToken, readReference } from '@/lib/crypto/secrets'

const reference = fc.constant(null).map(makeReference)
const looksLike: Record<string, string[]> = { 0: ['O', 'o'], 1: ['I', 'i', 'L', 'l'], V: ['U', 'u', 'v'] }

/** The same reference as somebody may have written it down. */
const written = reference.chain((meant) =>
  fc
    .record({
      letters: fc.tuple(
        ...[...meant.replace('-', '')].map((letter) =>
          fc.constantFrom(letter, letter.toLowerCase(), ...(looksLike[letter] ?? [])),
        ),
      ),
      dash: fc.constantFrom('-', '', ' ', '–', '—', '‑', '−', ' - ', '_'),
      before: fc.constantFrom('', ' ', 'Reference ', 'Reference: ', '“', 'ref. no. '),
      after: fc.constantFrom('', ' ', '.', '”', '\n'),
    })
    .map(({ letters, dash, before, after }) => ({
      meant,
      text: `${before}${letters.slice(0, 4).join('')}${dash}${letters.slice(4).join('')}${after}`,
    })),
)

describe('a reference that somebody typed', () => {
  it('is read whatever its case and its dash, and with letters taken for others that look like them', () => {
    fc.assert(
      fc.property(written, ({ meant, text }) => {
        expect(readReference(text)).toBe(meant)
      }),
    )
  })

  it('is nothing, or has the form of a reference, whatever was typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const read = readReference(text)
        expect(read === null || parseReference(read) === read).toBe(true)
      }),
    )
  })

  it('is not seen in an iD, in a longer word, or in something shorter', () => {
    for (const text of ['0000-0002-1825-0097', '7K2M-Q9XDA', 'Reference', '7K2-Q9X', '', '7K2M-Q9X', 'é7K2M-Q9XD']) {
      expect(readReference(text), text).toBeNull()
    }
  })
})

describe('the token of a personal link', () => {
  const token = makeLinkToken()

  test.each([
    token,
    token.toUpperCase(),
    ` ${token}\n`,
    `${token}.`,
    `${token},`,
    `${token})`,
    `<${token}>`,
    `${token}…”`,
    `${token.slice(0, 30)}\r\n ${token.slice(30)}`,
    `${token.slice(0, 10)}\u200b${token.slice(10)}`,
  ])('is found in %j', (text) => expect(readLinkToken(text)).toBe(token))

  test.each(['', token.slice(1), `${token}a`, `${token}é`, `${token}1`, token.repeat(200), '%', 'ä'.repeat(52), '\0'])(
    'is not found in %j',
    (text) => expect(readLinkToken(text)).toBeNull(),
  )

  test('has 256 random bits at least', () => {
    expect(token).toMatch(/^[a-z2-7]{52}$/)
    expect(new Set(Array.from({ length: 100 }, makeLinkToken)).size).toBe(100)
  })
})
