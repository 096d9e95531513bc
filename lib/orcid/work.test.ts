import { expect, test } from 'vitest'
import { fromWorkBody, toWorkBody, type Work } from './work'

const full: Work = {
  type: 'journal-article',
  title: 'On bees',
  subtitle: 'A study',
  journalTitle: 'Apidology',
  externalId: { type: 'doi', value: '10.1000/bees', url: 'https://doi.org/10.1000/bees' },
  publishedOn: '2024-05-31',
  url: 'https://example.org/bees',
  contributors: [
    { name: 'Ada Lovelace', role: 'author', orcid: '0000-0002-1825-0097' },
    { name: 'Grace Hopper', role: null, orcid: null },
  ],
}
const bare: Work = { ...full, subtitle: null, journalTitle: null, publishedOn: null, url: null, contributors: [] }

test('a work is read back from ORCID’s JSON as it was written, with its put-code', () => {
  for (const work of [full, bare, { ...full, publishedOn: '2024' }, { ...full, publishedOn: '2024-05' }]) {
    expect(fromWorkBody(toWorkBody(work))).toEqual({ work, putCode: null })
    expect(fromWorkBody(toWorkBody(work, '77'))).toEqual({ work, putCode: '77' })
  }
})

test('what could not be written back is a fault with a pointer', () => {
  const body = toWorkBody(full)
  const pointers = (changed: object) => {
    const read = fromWorkBody({ ...body, ...changed })
    return 'faults' in read ? read.faults.map(({ pointer }) => pointer) : []
  }
  expect(pointers({ citation: { 'citation-type': 'bibtex' }, colour: 'red' })).toEqual(['/citation', '/colour'])
  expect(pointers({ type: 'poem' })).toEqual(['/type'])
  expect(pointers({ title: { title: { value: 'x' }, 'a/b': 1 } })).toEqual(['/title/a~1b'])
  const [id] = body['external-ids']['external-id']
  expect(pointers({ 'external-ids': { 'external-id': [{ ...id, 'external-id-relationship': 'part-of' }] } })).toEqual([
    '/external-ids/external-id/0/external-id-relationship',
  ])
  expect(
    pointers({ 'publication-date': { year: { value: '2023' }, month: { value: '02' }, day: { value: '30' } } }),
  ).toEqual(['/publication-date'])
  expect(fromWorkBody(null)).toMatchObject({ faults: [{ pointer: '' }] })
})

test('a DOI counts without the address that it was copied with', () => {
  const body = toWorkBody({ ...full, externalId: { type: 'doi', value: 'https://doi.org/10.1000/bees', url: null } })
  expect(fromWorkBody(body)).toMatchObject({ work: { externalId: { value: '10.1000/bees' } } })
})
