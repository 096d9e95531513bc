import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findReferringPath, parseOwnPath } from '@/lib/http/own-path'

describe('a path of ours', () => {
  test.each([
    ['/', '/'],
    ['/me/narrow?keep=%2Fread-limited', '/me/narrow?keep=%2Fread-limited'],
    ['/staff/researchers?q=Ada+Example&page=2#notes', '/staff/researchers?q=Ada+Example&page=2#notes'],
    ['/staff/./team/../audit', '/staff/audit'],
    ['/staff/researchers?q=Núñez', '/staff/researchers?q=N%C3%BA%C3%B1ez'],
    ['/apiary', '/apiary'],
  ])('%s is %s', (given, path) => {
    expect(parseOwnPath(given)).toBe(path)
  })

  test.each([
    [undefined],
    [['/me', '/staff']],
    [''],
    ['me'],
    ['https://evil.example/'],
    ['//evil.example'],
    ['/\\evil.example'],
    ['/me\\evil'],
    ['/\t/evil.example'],
    ['/me\n'],
    ['/.//evil.example'],
    ['/x/..//evil.example'],
    ['/%2e//evil.example'],
    ['javascript:alert(1)'],
    ['/api/auth/callback/orcid?code=x'],
    ['/x/../api/jobs'],
    ['/%2E/sign-out'],
    ['/sign-out'],
    [`/${'x'.repeat(2_000)}`],
  ])('is not %s', (given) => {
    expect(parseOwnPath(given)).toBeNull()
  })

  test('never leads away from our origin, whatever is given, and is a path of ours once more', () => {
    const parts = fc.constantFrom(
      '/',
      '//',
      '\\',
      '.',
      '..',
      '%2e',
      '@',
      ':',
      '?',
      '#',
      '\t',
      '\u0000',
      'evil.example',
      'me',
    )
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 8 }), (given) => {
        const path = parseOwnPath(given.join(''))
        if (path === null) return
        expect(new URL(path, 'https://portal.example').origin).toBe('https://portal.example')
        expect(parseOwnPath(path)).toBe(path)
      }),
    )
  })
})

test('a form says which page it was on, and another site says nothing', () => {
  const from = (referer: string) => findReferringPath(new Headers({ referer }), 'portal.example')
  expect(from('https://portal.example/me/withdraw?x=1')).toBe('/me/withdraw?x=1')
  expect(from('https://evil.example/me/withdraw')).toBeNull()
  expect(from('https://portal.example//evil.example')).toBeNull()
  expect(from('no address')).toBeNull()
})
