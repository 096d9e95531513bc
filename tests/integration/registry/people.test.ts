import { expect, test } from 'vitest'
import { nameInTokenAnswer, ownName, PEOPLE } from '@/registry/people'

/** ISO 7064 MOD 11-2, as ORCID documents it. */
function checkCharacter(digits: string): string {
  const total = [...digits].reduce((sum, digit) => (sum + Number(digit)) * 2, 0)
  const rest = (12 - (total % 11)) % 11
  return rest === 10 ? 'X' : String(rest)
}

test('every iD has the right check character and occurs once', () => {
  for (const { orcid } of PEOPLE) {
    const digits = orcid.replaceAll('-', '')
    expect(checkCharacter(digits.slice(0, 15)), orcid).toBe(digits.at(15))
  }
  expect(new Set(PEOPLE.map((person) => person.orcid)).size).toBe(PEOPLE.length)
})

test('no iD but that of the fictional Josiah Carberry lies in a range from which ORCID gives out iDs', () => {
  const inRange = PEOPLE.filter(({ orcid }) => {
    const base = Number(orcid.replaceAll('-', '').slice(0, 15))
    return (base >= 15e6 && base <= 35e6) || (base >= 900e9 && base <= 900.1e9)
  })
  expect(inRange.map((person) => person.orcid)).toEqual(['0000-0002-1825-0097'])
})

test('the difficult people are all here', () => {
  const names = PEOPLE.map(nameInTokenAnswer)
  expect(names).toContain(null)
  expect(names).toContain('')
  expect(Math.max(...PEOPLE.map((person) => ownName(person).length))).toBe(150)
  expect(PEOPLE.some((person) => /\p{Script=Arabic}/u.test(ownName(person)))).toBe(true)
  expect(PEOPLE.some((person) => person.orcid.endsWith('X'))).toBe(true)
  expect(PEOPLE.some((person) => person.orcid.startsWith('0009-'))).toBe(true)
  for (const state of ['merged', 'locked', 'deactivated']) {
    expect(PEOPLE.some((person) => person.state === state)).toBe(true)
  }
})

test('a merged record names an open one as its primary', () => {
  for (const person of PEOPLE.filter(({ state }) => state === 'merged')) {
    expect(PEOPLE.find(({ orcid }) => orcid === person.mergedInto)?.state).toBe('ok')
  }
})
