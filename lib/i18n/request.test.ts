import { describe, expect, test } from 'vitest'
import { chooseLocale, orcidLang } from '@/lib/i18n/request'

const locales = ['de', 'en', 'es', 'pt-BR']

describe('the language of an answer', () => {
  test.each([
    [undefined, null, 'en'],
    [undefined, '*', 'en'],
    [undefined, 'fr', 'en'],
    [undefined, 'fr, *;q=0.5, es;q=0.1', 'en'],
    [undefined, 'en-GB,es;q=0.9', 'en'],
    [undefined, 'es', 'es'],
    [undefined, 'es-MX,en;q=0.5', 'es'],
    [undefined, 'fr, en;q=0.2, es;q=0.9', 'es'],
    [undefined, 'es;q=0, de', 'de'],
    [undefined, 'pt', 'pt-BR'],
    [undefined, ';;;q=,,', 'en'],
    ['de', 'es', 'de'],
    ['xx', 'es', 'es'],
  ])('chosen %s, accepted %s: %s', (chosen, accepted, expected) => {
    expect(chooseLocale(chosen, accepted, locales)).toBe(expected)
  })
})

test.each([
  ['en', 'en'],
  ['es', 'es'],
  ['pt-BR', 'pt'],
  ['zh-CN', 'zh_CN'],
  ['zh-TW', 'zh_TW'],
  ['nl', 'en'],
])('%s is told to ORCID as %s', (locale, lang) => {
  expect(orcidLang(locale)).toBe(lang)
})
