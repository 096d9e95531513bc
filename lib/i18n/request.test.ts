import { describe, expect, test } from 'vitest'
import { addCountry } from '@/lib/config/languages'
import { chooseLocale, orcidLang } from '@/lib/i18n/request'

const locales = ['en', 'de', 'es', 'pt-BR']

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

test('someone who accepts no language that is there gets the first', () => {
  expect(chooseLocale(undefined, 'fr', ['es', 'en'])).toBe('es')
  expect(chooseLocale('xx', null, ['es', 'en'])).toBe('es')
})

test.each([
  ['en', 'ES', '3 May 2026, 16:05'],
  ['en', 'US', 'May 3, 2026, 4:05 PM'],
  ['es', 'GB', '3 may 2026, 16:05'],
  ['pt-BR', 'ES', '3 de mai. de 2026, 16:05'],
  ['en', undefined, 'May 3, 2026, 4:05 PM'],
])('dates of %s in %s are written as there: %s', (language, country, expected) => {
  const options = { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' } as const
  const written = new Intl.DateTimeFormat(addCountry(language, country), options).format(Date.UTC(2026, 4, 3, 16, 5))
  expect(written.replaceAll('\u202f', ' ')).toBe(expected)
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
