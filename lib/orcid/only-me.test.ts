import { describe, expect, test } from 'vitest'
import { dropHidden, isNotPublic, isOnlyMe, withoutOnlyMe } from '@/lib/orcid/only-me'

const keyword = (content: string, visibility: string) => ({ content, visibility, 'put-code': 1 })
const summary = (value: string, visibility: string) => ({
  'employment-summary': { visibility, 'external-ids': ids(value), 'put-code': 1 },
})
const ids = (value: string) => ({ 'external-id': [{ 'external-id-value': value }] })
const group = (...summaries: ReturnType<typeof summary>[]) => ({ 'external-ids': ids('hr-1'), summaries })

describe('what is set to “Only me”', () => {
  test('is left out of lists, groups and the answer to several works, with what only it says', () => {
    expect(dropHidden({ keyword: [keyword('bees', 'LIMITED'), keyword('wasps', 'PRIVATE')] }, isOnlyMe)).toEqual({
      keyword: [keyword('bees', 'LIMITED')],
    })
    const both = group(summary('hr-1', 'PUBLIC'), summary('hr-1', 'private'))
    expect(
      dropHidden({ 'affiliation-group': [both, group(summary('hr-2', 'PRIVATE'))], path: '/x' }, isOnlyMe),
    ).toEqual({ 'affiliation-group': [group(summary('hr-1', 'PUBLIC'))], path: '/x' })
    const bulk = [{ work: keyword('a', 'PRIVATE') }, { work: keyword('b', 'PUBLIC') }, { error: { code: 9016 } }]
    expect(dropHidden({ bulk }, isOnlyMe)).toEqual({ bulk: bulk.slice(1) })
    const review = (visibility: string) => ({
      'external-ids': ids('g'),
      'peer-review-group': [{ 'external-ids': ids('r'), 'peer-review-summary': [keyword('a', visibility)] }],
    })
    expect(dropHidden({ group: [review('PRIVATE'), review('PUBLIC')] }, isOnlyMe)).toEqual({
      group: [review('PUBLIC')],
    })
  })

  test('leaves nothing of an item, and a list that was empty before stays', () => {
    expect(dropHidden(keyword('wasps', 'PRIVATE'), isOnlyMe)).toBeNull()
    const empty = { 'affiliation-group': [], work: { 'external-ids': { 'external-id': [] }, contributors: [] } }
    expect(dropHidden(empty, isOnlyMe)).toEqual(empty)
  })

  test('stays where it is an address, which has a permission of its own', () => {
    const address = { email: 'ada@mail.example', visibility: 'PRIVATE', verified: true }
    expect(dropHidden({ email: [address] }, isOnlyMe)).toEqual({ email: [address] })
    expect(dropHidden({ email: [address] }, isNotPublic)).toEqual({ email: [] })
  })
})

test('public data are what everybody sees', () => {
  const words = ['PUBLIC', 'LIMITED', 'REGISTERED-ONLY', 'PRIVATE', 'UNHEARD-OF'].map((one) => keyword(one, one))
  expect(dropHidden({ keyword: words, name: keyword('Ada', 'LIMITED') }, isNotPublic)).toEqual({
    keyword: words.slice(0, 1),
    name: null,
  })
})

describe('an answer as text', () => {
  test('stays as it is, byte for byte, where nothing is hidden', () => {
    for (const text of ['{ "visibility" : "PUBLIC" }', '<a visibility="limited"> <b/></a>', 'no JSON'])
      for (const type of ['application/json', 'application/xml']) expect(withoutOnlyMe(text, type)).toBe(text)
  })

  test('loses hidden items in JSON', () => {
    const text = JSON.stringify({ keyword: [keyword('bees', 'PUBLIC'), keyword('wasps', 'PRIVATE')] })
    expect(withoutOnlyMe(text, 'application/json')).not.toContain('wasps')
    expect(withoutOnlyMe(JSON.stringify(keyword('wasps', 'PRIVATE')), 'application/orcid+json')).toBeNull()
  })

  test('loses hidden elements in XML with everything in them, and groups that held nothing else', () => {
    const hidden = `<work:work-summary put-code="1" visibility="private"><common:title a="x > y">wasps</common:title><common:url/></work:work-summary>`
    const shown = hidden.replace('private', 'limited').replace('wasps', 'bees')
    const groupOf = (...works: string[]) =>
      `<activities:group><common:external-ids>of a group</common:external-ids>${works.join('')}</activities:group>`
    const xml = (...parts: string[]) =>
      `<?xml version="1.0"?>\n<activities:works xmlns:a="b">${parts.join('')}</activities:works>`
    const type = 'application/vnd.orcid+xml'
    expect(withoutOnlyMe(xml(groupOf(shown, hidden), groupOf(hidden)), type)).toBe(xml(groupOf(shown)))
    expect(withoutOnlyMe(`<?xml version="1.0"?>\n${hidden}`, type)).toBeNull()
    const empty = '<keyword:keyword visibility="private"/>'
    expect(withoutOnlyMe(xml(empty, shown), type)).toBe(xml(shown))
    const address = '<email:email visibility="private"><email:email>ada@mail.example</email:email></email:email>'
    expect(withoutOnlyMe(xml(address, hidden), type)).toBe(xml(address))
  })
})
