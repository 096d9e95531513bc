import { expect, test } from 'vitest'
import { proxyFor } from './outward-proxy'

const proxy = 'http://proxy.example.edu:3128'
const api = 'https://api.orcid.org/v3.0'

test.each(['', 'example.edu', 'orcid.org.example.edu', 'rcid.org', 'orcid.org:8443', ' , '])(
  'with NO_PROXY "%s" the way to ORCID goes through the proxy',
  (exceptions) => {
    expect(proxyFor(api, proxy, exceptions)).toBe(proxy)
  },
)

test.each(['*', 'orcid.org', '.orcid.org', '*.orcid.org', 'localhost, API.orcid.org', 'a b api.orcid.org:443'])(
  'with NO_PROXY "%s" the way to ORCID is the direct one',
  (exceptions) => {
    expect(proxyFor(api, proxy, exceptions)).toBeNull()
  },
)

test('what is not encrypted never goes through the proxy, and without one nothing does', () => {
  expect(proxyFor('http://127.0.0.1:4000', proxy, '')).toBeNull()
  expect(proxyFor(api, undefined, '')).toBeNull()
  expect(proxyFor('', proxy, '')).toBeNull()
})
