import { describe, expect, test } from 'vitest'
import { isAtDomain, readEmailAddress } from '@/lib/config/email-address'
import { findAddressFault, parseAddress } from '@/lib/mail/address'

describe('an address', () => {
  test.each([
    ' anna@example.org ',
    "o'neill+orcid@lib.example.org",
    'a@xn--bcher-kva.example',
    `${'a'.repeat(64)}@example.org`,
  ])('that can be written to is taken without spaces around it: %j', (text) => {
    expect(parseAddress(text)).toBe(text.trim())
  })

  test.each([
    ['anna@example.org\r\nRCPT TO:<all@example.org>', 'line_break'],
    ['anna\n@example.org', 'line_break'],
    ['anna@example.org\n', 'line_break'],
    ['anna\u2028@example.org', 'line_break'],
    ['anna\u0000@example.org', 'line_break'],
    ['anna@bücher.example', 'non_ascii'],
    ['änna@example.org', 'non_ascii'],
    [`${'a'.repeat(65)}@example.org`, 'too_long'],
    [`anna@${'a.'.repeat(125)}example.org`, 'too_long'],
    ['', 'malformed'],
    ['anna', 'malformed'],
    ['anna@', 'malformed'],
    ['@example.org', 'malformed'],
    ['anna@localhost', 'malformed'],
    ['anna@example..org', 'malformed'],
    ['anna@-example.org', 'malformed'],
    ['anna..b@example.org', 'malformed'],
    ['"anna b"@example.org', 'malformed'],
    ['anna b@example.org', 'malformed'],
    ['anna@example.org, all@example.org', 'malformed'],
    ['Anna <anna@example.org>', 'malformed'],
    ['anna@example.org>', 'malformed'],
    ['anna@[127.0.0.1]', 'malformed'],
  ])('%j is refused: %s', (text, fault) => {
    expect(readEmailAddress(text)).toEqual({ fault })
    expect(parseAddress(text)).toBeNull()
  })

  test('is at a domain and below it, and not beside it', () => {
    const domains = ['example.org']
    for (const each of ['a@example.org', 'a@EXAMPLE.org', 'a@lib.example.org'])
      expect(isAtDomain(each, domains)).toBe(true)
    for (const each of ['a@notexample.org', 'a@example.org.evil.com', 'a@org'])
      expect(isAtDomain(each, domains)).toBe(false)
  })

  test.each([
    ['anna@example.org', true, null],
    ['anna@example.com', true, 'elsewhere'],
    ['anna@example.org', false, 'not_allowed'],
    ['Me@Example.org', false, null],
    ['anybody@test.example.org', false, null],
    ['anybody@a.test.example.org', false, 'not_allowed'],
    ['anna@example.com', false, 'elsewhere'],
  ] as const)('%s, on production: %j, gets mail unless %j', (address, isProduction, fault) => {
    const rules = { domains: ['example.org'], allowed: ['me@example.org', '@test.example.org'], isProduction }
    expect(findAddressFault(address, rules)).toBe(fault)
  })
})
