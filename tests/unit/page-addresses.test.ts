import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  afterAWhile,
  forEverybody,
  forResearchers,
  forStaff,
  lookedAtIn,
  notLookedAt,
} from '@/tests/support/page-addresses'

const root = resolve(import.meta.dirname, '..', '..')
const pages = readdirSync(join(root, 'app'), { recursive: true, encoding: 'utf8' })
  .filter((name) => /(^|\/)page\.tsx$/.test(name) && !name.includes('_components'))
  .map((name) => `/${name.replace(/\/?page\.tsx$/, '')}`)
const isVariable = (part: string) => part.startsWith('[')

/** The page of an address, as Next.js chooses it: fixed parts before variable ones. */
function pageOf(address: string): string | undefined {
  const parts = (address.split('?')[0] ?? '').split('/')
  return pages
    .filter((page) => {
      const theirs = page.split('/')
      return theirs.length === parts.length && theirs.every((part, n) => isVariable(part) || part === parts[n])
    })
    .sort((a, b) => a.split('/').filter(isVariable).length - b.split('/').filter(isVariable).length)[0]
}

const looked = new Set([...forEverybody, ...forResearchers, ...forStaff, ...afterAWhile].map(pageOf))
const elsewhere = [...Object.values(lookedAtIn).flat(), ...Object.keys(notLookedAt)]

describe('the pages that a browser looks at', () => {
  it('are all pages of the portal, apart from those with a reason', () => {
    expect(pages.filter((page) => !looked.has(page) && !elsewhere.includes(page))).toEqual([])
  })

  it('are named elsewhere only if there is such a page, and it is in no list', () => {
    expect(elsewhere.filter((page) => !pages.includes(page) || looked.has(page))).toEqual([])
  })

  it('are looked at with axe by each file that is said to do so', () => {
    const reads = (name: string) => readFileSync(join(root, 'tests', 'e2e', name), 'utf8')
    expect(Object.keys(lookedAtIn).filter((name) => !reads(name).includes('expectAccessible'))).toEqual([])
  })
})
