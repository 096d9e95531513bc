import { describe, expect, test } from 'vitest'
import { parsePasted } from '@/lib/trials/pasted'

const parse = (text: string) => parsePasted(text, 'portal.example')
const code = (found: string, foreignHost: string | null = null) => ({ kind: 'code', code: found, foreignHost })
const problem = (found: string) => ({ kind: 'problem', problem: found })

describe('what is pasted where a code belongs', () => {
  test.each([
    ['k7Ww3x', code('k7Ww3x')],
    ['  "k7Ww3x" ', code('k7Ww3x')],
    ['code=k7Ww3x&state=abc', code('k7Ww3x')],
    ['?code=k7%2BW', code('k7+W')],
    ['code=k7%', code('k7%')],
    ['https://portal.example/api/auth/callback/orcid?code=k7Ww3x&state=abc', code('k7Ww3x')],
    ['https://developers.google.com/oauthplayground/?code=k7Ww3x', code('k7Ww3x', 'developers.google.com')],
    ['https://portal.example/#code=k7Ww3x', code('k7Ww3x')],
  ])('is the code in %j', (text, expected) => {
    expect(parse(text)).toEqual(expected)
  })

  test.each([
    ['[code]', 'placeholder'],
    ['{authorization_code}', 'placeholder'],
    ['<YOUR CODE>', 'placeholder'],
    ['your-authorization-code-here', 'placeholder'],
    ['XXXXXX', 'placeholder'],
    ['…', 'placeholder'],
    ['*WkPt5', 'placeholder'],
    ['https://portal.example/?code=[code]', 'placeholder'],
    ['https://portal.example/', 'no_code_in_it'],
    ['https://portal.example/#error=invalid_scope', 'refusal'],
    ['https://orcid.org/oauth/authorize?client_id=APP-1&response_type=code', 'authorization_url'],
    ['http://', 'not_a_code'],
    ['a code with spaces', 'not_a_code'],
    ['k7'.repeat(101), 'not_a_code'],
    ['k7Ww3x\0', 'not_a_code'],
  ])('is told apart from a code: %j', (text, expected) => {
    expect(parse(text)).toEqual(problem(expected))
  })
})
