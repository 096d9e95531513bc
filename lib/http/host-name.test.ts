import { describe, expect, test } from 'vitest'
import { findHostname } from '@/lib/http/host-name'

const hostname = (headers: Record<string, string>, proxies = 0) => findHostname(new Headers(headers), proxies)

describe('the host name that somebody asked for', () => {
  test.each([
    ['portal.example', 'portal.example'],
    ['portal.example:8443', 'portal.example'],
    ['PORTAL.Example', 'portal.example'],
    // A browser keeps its cookies apart.
    ['portal.example.', 'portal.example.'],
    ['127.0.0.1:3000', '127.0.0.1'],
    ['[::1]:3000', '[::1]'],
    ['[0:0:0:0:0:0:0:1]', '[::1]'],
  ])('as %s is %s', (host, expected) => {
    expect(hostname({ host })).toBe(expected)
  })

  test.each([[''], ['a b'], ['[::1'], ['x:y:z']])('as %s is not known', (host) => {
    expect(hostname({ host })).toBeNull()
  })

  test('is not what a client writes as forwarded, unless a proxy of ours stands before us', () => {
    const headers = { host: 'inside:3000', 'x-forwarded-host': 'evil.example, portal.example' }
    expect(hostname(headers)).toBe('inside')
    expect(hostname(headers, 1)).toBe('portal.example')
    expect(hostname({ host: 'inside', 'x-forwarded-host': 'portal.example' }, 2)).toBe('portal.example')
    expect(hostname({ host: 'portal.example' }, 1)).toBe('portal.example')
  })
})
