import { describe, expect, test } from 'vitest'
import { parseRecord } from '@/lib/orcid/record'

const orcid = '0000-0002-1825-0097'
const identifier = { uri: `https://orcid.org/${orcid}`, path: orcid, host: 'orcid.org' }

const record = (person: unknown, activities: unknown = null) =>
  parseRecord({ 'orcid-identifier': identifier, person, 'activities-summary': activities })?.record

const word = (content: unknown) => ({ content, visibility: 'LIMITED', 'put-code': 7, source: null })

describe('a record as ORCID sends it', () => {
  test('may have nothing in it that we may see', () => {
    for (const body of [
      { 'orcid-identifier': identifier },
      { 'orcid-identifier': identifier, history: null, person: null, 'activities-summary': null },
      { 'orcid-identifier': identifier, person: { name: null, emails: null, keywords: { keyword: null } } },
      { 'orcid-identifier': identifier, person: {}, 'activities-summary': { works: null, employments: { path: 'x' } } },
    ]) {
      const parsed = parseRecord(body)
      expect(parsed?.record).toMatchObject({
        orcid,
        name: null,
        biography: null,
        keywords: [],
        emails: [],
        works: [],
        fundings: [],
        affiliations: { employment: [], service: [] },
      })
    }
  })

  test('is no record when it is somebody’s page of HTML, an error, or about nobody', () => {
    for (const body of [null, '<html>', [], { error: 'x' }, { 'orcid-identifier': { path: '0000-0002-1825-0098' } }]) {
      expect(parseRecord(body)).toBeNull()
    }
  })

  test('keeps every field that nobody here knows, at any depth', () => {
    const body = {
      'orcid-identifier': { ...identifier, colour: 'green' },
      person: {
        name: null,
        'favourite-colours': [{ value: 'blue' }],
        keywords: { keyword: [{ content: 'a', tone: 1 }] },
      },
      'activities-summary': { 'moon-landings': { group: [1, 2] } },
      version: 4,
    }
    expect(parseRecord(structuredClone(body))?.raw).toEqual(body)
  })

  test('loses one item that cannot be read, and none of its neighbours', () => {
    const keyword = [word('one'), word(null), 'rubbish', { 'put-code': 1 }, word({ value: ' two ' })]
    expect(record({ keywords: { keyword } })?.keywords.map(({ content }) => content)).toEqual(['one', 'two'])
  })

  test('tells who may see an item as the person set it, and does not guess', () => {
    const keyword = [word('a'), { ...word('b'), visibility: null }, { ...word('c'), visibility: 'friends' }]
    expect(record({ keywords: { keyword } })?.keywords.map(({ visibility }) => visibility)).toEqual([
      'limited',
      null,
      null,
    ])
  })

  test('has dates that lack a day or a month, and no day that no calendar has', () => {
    const date = (year?: unknown, month?: unknown, day?: unknown) => ({
      year: year ? { value: year } : null,
      month: month ? { value: month } : null,
      day: day ? { value: day } : null,
    })
    const startOn = (start: unknown) =>
      record(
        {},
        {
          employments: {
            'affiliation-group': [{ summaries: [{ 'employment-summary': { 'start-date': start, 'put-code': '12' } }] }],
          },
        },
      )?.affiliations.employment[0]?.items[0]?.startOn
    expect(startOn(date('2020', '03', '01'))).toBe('2020-03-01')
    expect(startOn(date('2020', '3'))).toBe('2020-03')
    expect(startOn(date('2020'))).toBe('2020')
    expect(startOn(date('2021', '02', '31'))).toBe('2021-02')
    expect(startOn(date('2020', '13'))).toBe('2020')
    expect(startOn(date(undefined, '03'))).toBeNull()
    expect(startOn(null)).toBeNull()
    expect(startOn('2020')).toBeNull()
  })

  test('gives no address to link to that is not of the web', () => {
    const link = (url: string) => ({ 'url-name': 'x', url: { value: url }, 'put-code': 1 })
    const links = record({
      'researcher-urls': {
        'researcher-url': [link('javascript:alert(1)'), link('https://a.example/'), link('a.example')],
      },
    })?.links
    expect(links?.map(({ url, written }) => [url, written])).toEqual([
      [null, 'javascript:alert(1)'],
      ['https://a.example/', 'https://a.example/'],
      [null, 'a.example'],
    ])
  })

  test('keeps groups together, and leaves out one that has nothing in it', () => {
    const work = (title: string | null) => ({ title: title ? { title: { value: title } } : null, 'put-code': 3 })
    const group = [
      {
        'external-ids': { 'external-id': [{ 'external-id-type': 'doi', 'external-id-value': '10.1/x' }] },
        'work-summary': [work('A'), work('A again')],
      },
      { 'external-ids': null, 'work-summary': [] },
      { 'external-ids': null, 'work-summary': [work(null)] },
    ]
    const works = record({}, { works: { group } })?.works
    expect(works?.map(({ items }) => items.map(({ title }) => title))).toEqual([['A', 'A again'], [null]])
    expect(works?.[0]?.externalIds).toEqual([{ type: 'doi', value: '10.1/x', url: null, relationship: null }])
  })
})
