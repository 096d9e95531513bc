import { describe, expect, test } from 'vitest'
import { parseCampaign } from '@/lib/campaigns/schema'

describe('the form of a campaign', () => {
  const offered = { languages: ['en'], scopes: ['/read-limited'], templates: ['invitation'] }
  const typed = { name: 'Autumn', who: 'people', filters: '/staff/people?kind=staff&sort=-name' }

  test('keeps the filters of a view, without its order', () => {
    expect(parseCampaign(typed, offered)).toMatchObject({ entry: { audience: 'kind=staff', scopes: [] } })
    expect(parseCampaign({ ...typed, who: 'anybody' }, offered)).toMatchObject({ entry: { audience: null } })
  })

  test.each([
    ['no name', { name: ' ' }, { field: 'name', code: 'missing' }],
    [
      'an end before the start',
      { startsOn: '2027-02-01', endsOn: '2027-01-01' },
      { field: 'endsOn', code: 'end_before_start' },
    ],
    ['a day that is none', { endsOn: '2027-02-30' }, { field: 'endsOn', code: 'not_a_date' }],
    ['a megabyte of text', { 'why-en': 'x'.repeat(1_000_000) }, { field: 'why-en', code: 'too_long' }],
    ['characters that nobody sees', { purpose: 'a\u0000b' }, { field: 'purpose', code: 'bad_characters' }],
    ['a search as audience', { filters: '?q=Miller' }, { field: 'who', code: 'not_a_filter' }],
    [
      'no number of days',
      { 'step-1-template': 'invitation', 'step-1-afterDays': '-1', 'step-1-times': '1' },
      { field: 'step-1-afterDays', code: 'not_a_number' },
    ],
    [
      'an unknown template',
      { 'step-1-template': 'x', 'step-1-afterDays': '0', 'step-1-times': '1' },
      { field: 'step-1-template', code: 'not_a_template' },
    ],
  ])('says at its field what is wrong: %s', (_what, change, fault) => {
    expect(parseCampaign({ ...typed, ...change }, offered)).toEqual({ faults: [fault] })
  })
})
