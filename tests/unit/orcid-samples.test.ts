import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { affiliationKinds, parseRecord } from '@/lib/orcid/record'
import {
  affiliationSchema,
  countrySchema,
  fundingSchema,
  linkSchema,
  personIdSchema,
  wordSchema,
  workSchema,
} from '@/lib/orcid/record-items'

const samples = join(import.meta.dirname, '../samples/orcid')
const readJson = (path: string): unknown => JSON.parse(readFileSync(join(samples, path), 'utf8'))

/** Every absolute statement that a reshaped value makes: the texts, numbers and times in it. */
function leaves(value: unknown): string[] {
  if (value === null || value === undefined) return []
  if (value instanceof Date) return [String(value.getTime())]
  if (typeof value !== 'object') return [String(value)]
  return Object.values(value).flatMap(leaves)
}

describe('the whole record that ORCID publishes as a sample', () => {
  const body = readJson('read/record-full-3.0.json')
  const parsed = parseRecord(body)

  test('is read, and survives as it was sent', () => {
    expect(parsed?.raw).toEqual(body)
    expect(parsed?.record).toMatchObject({
      orcid: '0000-0002-7319-2192',
      name: { given: 'Three', family: 'releasecandidate1', credit: null, visibility: 'public' },
      biography: null,
      emails: [],
      otherNames: { length: 5 },
      keywords: { length: 2 },
      links: { length: 2 },
      countries: { length: 3 },
    })
  })

  test('gives each item with who put it there, who may see it, and its identifiers', () => {
    const record = parsed?.record
    expect(record?.otherNames[0]).toMatchObject({
      putCode: 4923,
      content: 'Other Name',
      visibility: 'public',
      source: { orcid: null, clientId: 'APP-OQYKBIN9CXD9U3SH', name: 'Demo Org Sandbox', onBehalfOf: null },
    })
    expect(record?.externalIds[0]).toMatchObject({
      type: 'My ID System',
      value: 'A-0003',
      url: 'https://myid.com/A-0003',
      source: { onBehalfOf: 'Three releasecandidate1' },
    })
    expect(record?.works[0]).toMatchObject({
      externalIds: [{ type: 'doi', value: '10.1087/20120404', relationship: 'version-of' }, {}],
      items: [{ title: 'Work Title', type: 'journal-article', publishedOn: '2012-10-01', putCode: 178602 }],
    })
    expect(record?.fundings[0]?.items[0]).toMatchObject({
      title: 'Grant title',
      startOn: '2000-02-02',
      organization: { name: 'Wellcome Trust', city: 'London', region: null, country: 'GB', idSource: 'FUNDREF' },
    })
  })

  test.each(affiliationKinds)('has its %s items in their groups', (kind) => {
    const groups = parsed?.record.affiliations[kind] ?? []
    expect(groups.length).toBeGreaterThan(0)
    for (const { items } of groups) {
      for (const item of items) {
        expect(item.organization?.name).toBeTruthy()
        expect(item.putCode).toBeGreaterThan(0)
        expect(item.visibility).toBe('public')
      }
    }
  })

  test('loses none of its items', () => {
    const text = JSON.stringify(body)
    const read = JSON.stringify(parsed?.record)
    const read3 = (path: string) => new Set(text.match(new RegExp(`"path":"[^"]*/${path}/\\d+"`, 'g'))).size
    const sections = [
      'other-names',
      'keywords',
      'researcher-urls',
      'address',
      'external-identifiers',
      'work',
      'funding',
    ]
    const expected = [...sections, ...affiliationKinds].reduce((sum, path) => sum + read3(path), 0)
    expect(read.match(/"putCode":\d+/g)?.length).toBe(expected)
  })
})

const written: Record<string, [{ parse(value: unknown): unknown }, (body: unknown) => unknown[]]> = {
  ...Object.fromEntries(affiliationKinds.map((kind) => [`${kind}-3.0.json`, [affiliationSchema, (body) => [body]]])),
  'address-3.0.json': [countrySchema, (body) => [body]],
  'external-identifier-3.0.json': [personIdSchema, (body) => [body]],
  'funding-3.0-simple.json': [fundingSchema, (body) => [body]],
  'funding-3.0-with-NISO-roles.json': [fundingSchema, (body) => [body]],
  'keywords-3.0.json': [wordSchema, (body) => [body]],
  'other-names-3.0.json': [wordSchema, (body) => [body]],
  'researcher-url-3.0.json': [linkSchema, (body) => [body]],
  'researcher-url-no-name-3.0.json': [linkSchema, (body) => [body]],
  'work-full-3.0.json': [workSchema, (body) => [body]],
  'work-51-contributors-3.0.json': [workSchema, (body) => [body]],
  'bulk-work-3.0.json': [workSchema, worksOf],
  'bulk-works-3-works-3.0.json': [workSchema, worksOf],
}

function worksOf(body: unknown): unknown[] {
  return (body as { bulk: { work: unknown }[] }).bulk.map(({ work }) => work)
}

describe('a single item that ORCID publishes as a sample', () => {
  test('is known here, every one of them', () => {
    expect(readdirSync(join(samples, 'write')).sort()).toEqual(Object.keys(written).sort())
  })

  test.each(Object.entries(written))('is read, and nothing is made up: %s', (name, [schema, itemsOf]) => {
    for (const item of itemsOf(readJson(`write/${name}`))) {
      const said = leaves(schema.parse(item))
      expect(said.length).toBeGreaterThan(0)
      const texts = leaves(item)
      const dates = /^\d{4}(-\d\d){0,2}$/
      // A link gets the slash that its host lacks; dates are put together from their parts.
      const known = new Set(
        texts.flatMap((text) => [text, text.trim(), URL.canParse(text) ? new URL(text).href : text]),
      )
      expect(said.filter((text) => !known.has(text) && !dates.test(text))).toEqual([])
    }
  })
})

/** What ORCID's schemas have and we do not reshape, and why. All of it is in `raw`. */
const leftInRaw: Record<string, string> = {
  path: 'the address of a section or item, which we know',
  'display-index': 'the order, which the lists have already',
  'translated-title': 'a second title',
  'external-id-normalized': 'what ORCID compares by',
  'external-id-normalized-error': 'what ORCID compares by',
  preferences: 'the language that the person reads ORCID in',
  'peer-reviews': 'not read',
  'research-resources': 'not read',
  'research-resource-summary': 'not read',
  'peer-review-group': 'not read',
  'peer-review-summary': 'not read',
  'assertion-origin-orcid': 'for whom it was put there: the name is read',
  'assertion-origin-client-id': 'for whom it was put there: the name is read',
}

/** The complex types and elements of the schemas that a record is made of, as far as we read it. */
const readTypes: Record<string, string[]> = {
  'record-3.0.xsd': ['record'],
  'person-3.0.xsd': ['person'],
  'personal-details-3.0.xsd': ['name', 'biography'],
  'other-name-3.0.xsd': ['other-names', 'other-name'],
  'keyword-3.0.xsd': ['keywords', 'keyword'],
  'researcher-url-3.0.xsd': ['researcher-urls', 'researcher-url'],
  'email-3.0.xsd': ['emails', 'email'],
  'address-3.0.xsd': ['addresses', 'address'],
  'person-external-identifier-3.0.xsd': ['external-identifiers'],
  'activities-3.0.xsd': ['activities-summary', 'affiliation-group', 'works', 'work-group', 'fundings', 'funding-group'],
  'work-3.0.xsd': ['work-summary', 'work-title'],
  'funding-3.0.xsd': ['funding-summary', 'funding-title'],
  'common-3.0.xsd': [
    'element-summary',
    'affiliation-summary',
    'external-id',
    'organization',
    'address',
    'source-type',
    'fuzzy-date',
  ],
}

/** The names of the elements and attributes inside every top-level `complexType` or `element` of this name. */
function namesIn(xsd: string, type: string): string[] {
  const open = new RegExp(`^(?:\\t| {4})<xs:(complexType|element)\\s+name="${type}"(?:[^>]*[^/])?>`, 'gm')
  return [...xsd.matchAll(open)].flatMap((match) => {
    const rest = xsd.slice(match.index + match[0].length)
    const inner = rest.slice(0, rest.search(new RegExp(`^(?:\\t| {4})</xs:${match[1]}>`, 'm')))
    return [...inner.matchAll(/<xs:(?:element|attribute)\b[^>]*?\b(?:name|ref)="(?:[a-z-]+:)?([a-z-]+)"/g)].map(
      (found) => found[1] ?? '',
    )
  })
}

describe('the schemas that ORCID publishes', () => {
  const sources = ['record.ts', 'record-items.ts', 'record-values.ts']
    .map((name) => readFileSync(join(import.meta.dirname, '../../lib/orcid', name), 'utf8'))
    .join('\n')
  const isRead = (name: string) =>
    new RegExp(`['"\\s{]${name}['"]?(: |,|\\)|')`).test(sources) ||
    affiliationKinds.some((kind) => name === `${kind}-summary`)

  test.each(Object.entries(readTypes))(
    'have no field in %s that is neither read nor known to stay raw',
    (file, types) => {
      const xsd = readFileSync(join(samples, 'xsd', file), 'utf8')
      for (const type of types) {
        const names = namesIn(xsd, type)
        expect(names.length, type).toBeGreaterThan(0)
        expect(
          names.filter((name) => !(name in leftInRaw) && !isRead(name)),
          type,
        ).toEqual([])
      }
    },
  )
})
