import fc from 'fast-check'
import { expect, test } from 'vitest'
import { askableScopes, coversScopes, findScope, isIdentityOnly, parseScopes, SCOPES, scopeClosure } from './scopes'

const names = SCOPES.map((scope) => scope.scope)
const anyScopes = fc.uniqueArray(fc.oneof(fc.constantFrom(...names), fc.constantFrom('/unheard-of', 'profile')), {
  maxLength: 6,
})

test('the table holds ORCID’s forty scopes, each once', () => {
  expect(names).toHaveLength(40)
  expect(new Set(names).size).toBe(40)
})

test('the table only points at scopes that it holds', () => {
  for (const scope of SCOPES) {
    for (const name of scope.includes) expect(findScope(name), `${scope.scope} includes ${name}`).not.toBeNull()
    if (scope.replacement !== null) expect(findScope(scope.replacement)?.deprecated).toBe(false)
    expect(scope.includes).not.toContain(scope.scope)
  }
})

test('a deprecated scope has a replacement, or was retired without one', () => {
  const without = SCOPES.filter((scope) => scope.deprecated && scope.replacement === null).map((scope) => scope.scope)
  expect(without).toEqual(['/orcid-profile/create'])
})

test('every scope that is granted by a person includes the public reading', () => {
  for (const scope of SCOPES.filter(({ kind }) => kind === '3-legged')) expect(scope.includes).toContain('/read-public')
})

test('exactly the current scopes that are not ORCID’s own are described in one sentence', () => {
  for (const scope of SCOPES) {
    const isCurrent = !scope.deprecated && scope.membership !== 'orcid-internal'
    if (isCurrent) expect(scope.description, scope.scope).toMatch(/^[A-Z][^.]{20,}\.$/)
    else expect(scope.description, scope.scope).toBeNull()
  }
})

test('a closure is complete: taking it again adds nothing', () => {
  fc.assert(
    fc.property(anyScopes, (scopes) => {
      const closure = scopeClosure(scopes)
      expect(scopeClosure(closure)).toEqual(closure)
    }),
  )
})

test('covering is reflexive and transitive, and more scopes never cover less', () => {
  fc.assert(
    fc.property(anyScopes, anyScopes, anyScopes, (a, b, c) => {
      expect(coversScopes(a, a)).toBe(true)
      if (coversScopes(a, b) && coversScopes(b, c)) expect(coversScopes(a, c)).toBe(true)
      if (coversScopes(a, b)) expect(coversScopes([...a, ...c], b)).toBe(true)
      expect(coversScopes(a, [...scopeClosure(a)])).toBe(true)
      expect(coversScopes(a, [])).toBe(true)
    }),
  )
})

test('a wider permission covers what it includes and nothing else', () => {
  expect(coversScopes(['openid'], ['/authenticate'])).toBe(true)
  expect(coversScopes(['/authenticate'], ['openid'])).toBe(false)
  expect(coversScopes(['/read-limited'], ['/person/read-limited', '/orcid-works/read-limited'])).toBe(true)
  expect(coversScopes(['/activities/update'], ['/orcid-works/update', '/read-public'])).toBe(true)
  // A client that may add items may still not read what is shared with trusted parties.
  expect(coversScopes(['/activities/update'], ['/read-limited'])).toBe(false)
  expect(coversScopes(['/activities/update'], ['/authenticate'])).toBe(false)
  expect(coversScopes(['/read-limited'], ['/activities/update'])).toBe(false)
  expect(coversScopes(['/unheard-of'], ['/unheard-of'])).toBe(true)
  expect(coversScopes(['/read-limited'], ['/unheard-of'])).toBe(false)
})

test('scopes are the same set in whatever order and spacing ORCID sends them', () => {
  fc.assert(
    fc.property(anyScopes, fc.constantFrom(' ', '  ', '\n'), (scopes, separator) => {
      const written = [...scopes].reverse().join(separator)
      expect(parseScopes(` ${written} ${written}`)).toEqual([...scopes].sort())
    }),
  )
  expect(parseScopes('')).toEqual([])
})

test('somebody is identity only when nothing goes beyond knowing who they are', () => {
  expect(isIdentityOnly(['openid'])).toBe(true)
  expect(isIdentityOnly(['/authenticate', '/read-public', 'openid'])).toBe(true)
  expect(isIdentityOnly([])).toBe(true)
  expect(isIdentityOnly(['openid', '/read-limited'])).toBe(false)
  expect(isIdentityOnly(['/unheard-of'])).toBe(false)
})

test('credentials may ask only for current scopes that a person grants', () => {
  expect(askableScopes('public').sort()).toEqual(['/authenticate', 'openid'])
  expect(askableScopes('member').sort()).toEqual(
    ['/activities/update', '/authenticate', '/email/read-private', '/person/update', '/read-limited', 'openid'].sort(),
  )
})

test('a name that ORCID does not list is not found, not even one that every object has', () => {
  expect(findScope('/read-limited ')).toBeNull()
  expect(findScope('constructor')).toBeNull()
})
