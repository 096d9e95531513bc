import { expect, test } from 'vitest'
import { parseSystem, rightField, scopeField, typedSystem } from '@/lib/systems/schema'

const offered = { languages: ['en'], scopes: ['/read-limited', '/activities/update'], hasProxies: true }
const complete = {
  name: 'Staff pages',
  contact: 'pages@example.org',
  perMinute: '60',
  'purpose-en': 'Shows your works on your staff page.',
  [rightField('works:write')]: 'yes',
}
const parse = (more: Record<string, string | string[]>) =>
  parseSystem(typedSystem.parse({ ...complete, ...more }), offered)

test('a right without its scope is named, with the departments that are still to be looked up', () => {
  const parsed = parse({ departments: ['Law', '', 'Science / Physics'] })
  expect(parsed).toEqual({
    faults: [{ field: 'scopes', code: 'scope_needed', about: ['works:write'] }],
    departments: ['Law', 'Science / Physics'],
  })
})

test('departments come from as many fields as one likes, each once, or from lines', () => {
  const given = { [scopeField('/activities/update')]: 'yes' }
  const entry = { departments: ['Law', 'Science'] }
  expect(parse({ ...given, departments: ['Law', 'Science', 'Law', ''] })).toMatchObject({ entry })
  expect(parse({ ...given, departments: 'Law\r\nScience' })).toMatchObject({ entry })
})
