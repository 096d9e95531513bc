import { expect, test } from 'vitest'
import { admitsRedirectUri, withFragment, withQuery } from '@/registry/redirect-uri'

const admits = (registered: string, requested: string) => admitsRedirectUri([registered], requested)

test('a registered path admits every path that begins with it', () => {
  expect(admits('https://a.example/cb', 'https://a.example/cb')).toBe(true)
  expect(admits('https://a.example/cb', 'https://a.example/cb/x')).toBe(true)
  expect(admits('https://a.example/cb', 'https://a.example/cb-evil')).toBe(true)
  expect(admits('https://a.example/cb', 'https://a.example/c')).toBe(false)
  expect(admits('https://a.example', 'https://a.example/anything')).toBe(true)
})

test('a path cannot climb out of what is registered', () => {
  expect(admits('https://a.example/cb', 'https://a.example/cb/../evil')).toBe(false)
  expect(admits('https://a.example/cb', 'https://a.example/x/../cb')).toBe(true)
  expect(admits('https://a.example/cb', 'https://a.example/../../cb')).toBe(false)
  expect(admits('https://a.example/cb', 'https://a.example/cb\\..\\evil')).toBe(false)
})

test('scheme, host, port and user are equal, an absent port is not the default one', () => {
  expect(admits('https://a.example/cb', 'http://a.example/cb')).toBe(false)
  expect(admits('https://a.example/cb', 'https://b.a.example/cb')).toBe(false)
  expect(admits('https://a.example/cb', 'https://a.example.evil/cb')).toBe(false)
  expect(admits('https://a.example/cb', 'https://a.example:443/cb')).toBe(false)
  expect(admits('http://127.0.0.1:3000/cb', 'http://127.0.0.1:3001/cb')).toBe(false)
  expect(admits('https://a.example/cb', 'https://a.example@evil.example/cb')).toBe(false)
  expect(admits('https://a.example/cb', 'https://user@a.example/cb')).toBe(false)
})

test('white space around a registered address and its query do not count', () => {
  expect(admits(' https://a.example/cb \n', 'https://a.example/cb')).toBe(true)
  expect(admits('https://a.example/cb?registered=1', 'https://a.example/cb?other=2')).toBe(true)
})

test('what is not an address with a host is not admitted', () => {
  for (const uri of ['', '/cb', 'javascript:alert(1)', '//a.example/cb', 'https:a.example/cb']) {
    expect(admits('https://a.example/cb', uri), uri).toBe(false)
  }
})

test('any one of several registered addresses is enough', () => {
  expect(admitsRedirectUri(['https://a.example/cb', 'https://b.example/cb'], 'https://b.example/cb')).toBe(true)
  expect(admitsRedirectUri([], 'https://b.example/cb')).toBe(false)
})

test('parameters are added after an existing query and a fragment is dropped', () => {
  expect(withQuery('https://a.example/cb?x=1#top', { code: 'AbC123', state: 'a b&c', none: null })).toBe(
    'https://a.example/cb?x=1&code=AbC123&state=a%20b%26c',
  )
  expect(withQuery('https://a.example/cb', {})).toBe('https://a.example/cb')
  expect(withFragment('https://a.example/cb#top', 'error=invalid_scope')).toBe(
    'https://a.example/cb#error=invalid_scope',
  )
})

test('an address with other than ASCII letters still makes a Location header', () => {
  expect(withQuery('https://a.example/cb/ü', { code: 'a' })).toBe('https://a.example/cb/%C3%BC?code=a')
})
