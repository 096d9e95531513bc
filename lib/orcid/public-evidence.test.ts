import { describe, expect, test } from 'vitest'
import { parseEmailDomains, parseVerifiedEmails } from '@/lib/orcid/public-evidence'

const ada = '0000-0099-9458-0735'
const other = '0000-0002-1825-0097'
const address = (email: string, more: object = {}) => ({ email, verified: true, visibility: 'PUBLIC', ...more })

describe('public addresses', () => {
  const body = {
    path: `/${ada}/email`,
    email: [
      address('Ada@Uni.example'),
      address('old@uni.example', { verified: false }),
      address('ours@uni.example', { visibility: 'LIMITED' }),
      address('hers@uni.example', { visibility: 'PRIVATE' }),
    ],
  }

  test('are the verified ones that everybody sees', () => {
    expect(parseVerifiedEmails(ada, body)).toEqual(['ada@uni.example'])
    expect(parseVerifiedEmails(ada, { ...body, email: [] })).toEqual([])
  })

  test('are taken from an answer about the same record alone', () => {
    expect(parseVerifiedEmails(other, body)).toBeNull()
    for (const answer of [{}, null, 'text', { email: body.email }]) expect(parseVerifiedEmails(ada, answer)).toBeNull()
  })
})

test('verified domains are taken from the summary of the same record alone', () => {
  const body = {
    'orcid-identifier': { path: ada },
    'email-domains': { 'email-domain': [{ value: 'Uni.example' }, { value: null }] },
  }
  expect(parseEmailDomains(ada, body)).toEqual(['uni.example'])
  expect(parseEmailDomains(other, body)).toBeNull()
  expect(parseEmailDomains(ada, { ...body, 'orcid-identifier': undefined })).toBeNull()
})
