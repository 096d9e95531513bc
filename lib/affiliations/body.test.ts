import { describe, expect, test } from 'vitest'
import { parseItems } from '@/lib/affiliations/body'

const ada = '0000-0099-9458-0735'
const other = '0000-0002-1825-0097'

describe('a list of items', () => {
  const employment = { 'put-code': 1, 'role-title': 'Lecturer' }
  const employments = {
    path: `/${ada}/employments`,
    'affiliation-group': [{ summaries: [{ 'employment-summary': employment }] }],
  }
  const works = { path: `/${ada}/works`, group: [{ 'work-summary': [{ 'put-code': 2 }] }] }

  test('is read where it names the record and the kind that were asked for', () => {
    expect(parseItems(ada, 'employment', employments)).toMatchObject([{ putCode: '1', title: 'Lecturer' }])
    expect(parseItems(ada, 'work', works)).toMatchObject([{ putCode: '2' }])
    expect(parseItems(ada, 'employment', { path: `/${ada}/employments` })).toEqual([])
  })

  test('of another record, of another kind or without a name is no answer: nothing follows from it', () => {
    expect(parseItems(other, 'employment', employments)).toBeNull()
    expect(parseItems(other, 'work', works)).toBeNull()
    expect(parseItems(ada, 'service', employments)).toBeNull()
    for (const body of [{}, null, 'text', { 'affiliation-group': [] }, { group: [] }]) {
      expect(parseItems(ada, 'employment', body)).toBeNull()
      expect(parseItems(ada, 'work', body)).toBeNull()
    }
  })
})
