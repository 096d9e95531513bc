import { describe, expect, test } from 'vitest'
import { toPrefillParams } from '@/lib/auth/prefill'

const person = { givenName: 'Zoë', familyName: 'O’Neill', email: 'zoe+orcid@example.org' }

describe('what ORCID’s forms are filled in with', () => {
  test('is a name and an address, or an iD alone', () => {
    expect(toPrefillParams(person, 'https://orcid.org')).toEqual({
      given_names: 'Zoë',
      family_names: 'O’Neill',
      email: 'zoe+orcid@example.org',
    })
    expect(toPrefillParams({ orcid: '0000-0002-1825-0097' }, 'https://orcid.org')).toEqual({
      orcid: '0000-0002-1825-0097',
    })
    expect(toPrefillParams(null, 'https://orcid.org')).toEqual({})
    expect(toPrefillParams({ ...person, familyName: null }, 'http://127.0.0.1:3001')).not.toHaveProperty('family_names')
  })

  test('is nothing where it would travel unencrypted', () => {
    for (const issuer of ['http://orcid.example.org', 'http://192.168.0.1', 'http://localhost.example.org'])
      expect(toPrefillParams(person, issuer)).toEqual({})
  })

  test('is short enough for ORCID, which refuses long requests', () => {
    const long = toPrefillParams(
      { givenName: '你'.repeat(200), familyName: 'a'.repeat(2_000), email: null },
      'https://orcid.org',
    )
    expect(long).toEqual({})
  })
})
