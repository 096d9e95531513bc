import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ApiProblem } from '@/lib/api/problem'
import { levelsMax, parseStrictJson } from '@/lib/api/strict-json'

const refusalOf = (text: string) => {
  try {
    parseStrictJson(text)
    return null
  } catch (error) {
    const { code, more } = error as ApiProblem
    return [code, more.errors?.[0]?.pointer]
  }
}
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

describe('strict JSON', () => {
  it('is read as JSON.parse reads it', () => {
    const value = fc
      .jsonValue({ maxDepth: 5 })
      .filter((each) => !/__proto__|constructor|prototype/.test(JSON.stringify(each)))
    fc.assert(
      fc.property(value, (each) => {
        expect(parseStrictJson(JSON.stringify(each, null, 1))).toEqual(JSON.parse(JSON.stringify(each)))
      }),
    )
  })

  it.each([
    ['{"a":1,"a":2}', 'repeated_name', '/a'],
    ['{"a":1,"\\u0061":2}', 'repeated_name', '/a'],
    [`{"a":1,"a"${' '.repeat(1_000)}:2}`, 'repeated_name', '/a'],
    ['{"x":[{},{"a/b":1,  "a/b"  :2}]}', 'repeated_name', '/x/1/a~1b'],
    ['{"__proto__":{"admin":true}}', 'forbidden_name', '/__proto__'],
    ['{"a":{"\\u005f_proto__":1}}', 'forbidden_name', '/a/__proto__'],
    ['{"constructor":1}', 'forbidden_name', '/constructor'],
    [nested(10_000), 'too_deep', undefined],
    [nested(levelsMax + 1), 'too_deep', undefined],
    ['{', 'invalid_json', undefined],
    ['"', 'invalid_json', undefined],
    ['{"\\x":1}', 'invalid_json', undefined],
    ['', 'invalid_json', undefined],
    ['{"a":1}{"a":1}', 'invalid_json', undefined],
    ["{'a':1}", 'invalid_json', undefined],
    ['NaN', 'invalid_json', undefined],
  ])('refuses %s', (text, code, pointer) => {
    expect(refusalOf(text)).toEqual([code, pointer])
  })

  it('lets the same name occur in two objects, and as a value', () => {
    expect(parseStrictJson('[{"a":"a"},{"a":"a:"}]')).toEqual([{ a: 'a' }, { a: 'a:' }])
    expect(refusalOf(nested(levelsMax))).toBeNull()
  })
})
