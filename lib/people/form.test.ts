import { describe, expect, test } from 'vitest'
import { type PersonFault, parsePerson, type TypedPerson } from '@/lib/people/form'

const faultsOf = (typed: TypedPerson): PersonFault[] => {
  const parsed = parsePerson({ local_id: '007', kind: 'staff', ...typed })
  return 'faults' in parsed ? parsed.faults : []
}

describe('the form for a person', () => {
  test('keeps leading zeros and one way to write a path, and takes empty fields for nothing', () => {
    const typed = { local_id: ' 0012 ', family_name: 'Åström', department: 'Science/ Physics /', kind: 'guest' }
    expect(parsePerson(typed)).toEqual({
      person: {
        localId: '0012',
        givenName: null,
        familyName: 'Åström',
        email: null,
        department: 'Science / Physics',
        kind: 'guest',
        confidential: false,
        language: null,
        appointment: { title: null, startOn: null, endOn: null },
      },
    })
  })

  test.each<[TypedPerson, PersonFault]>([
    [{ local_id: '' }, { field: 'family_name', code: 'missing' }],
    [{ local_id: '1'.repeat(201) }, { field: 'local_id', code: 'too_long' }],
    [{ given_name: 'Ada\u0007' }, { field: 'given_name', code: 'bad_characters' }],
    [{ email: 'ada at example' }, { field: 'email', code: 'not_an_address' }],
    [{ start: '2021-02-30' }, { field: 'start', code: 'not_a_date' }],
    [{ end: 'soon' }, { field: 'end', code: 'not_a_date' }],
    [
      { start: '2021-03', end: '2021-02-28' },
      { field: 'end', code: 'end_before_start' },
    ],
    [{ kind: 'robot' }, { field: 'kind', code: 'not_a_kind' }],
  ])('says of %j what is wrong, at its field', (typed, fault) => {
    expect(faultsOf(typed)).toEqual([fault])
  })

  test('says everything that is wrong at once', () => {
    expect(faultsOf({ email: 'x', start: 'x', end: 'x' }).map(({ field }) => field)).toEqual(['email', 'start', 'end'])
  })
})
