import { describe, expect, test } from 'vitest'
import { listTranslations, readMessages } from '@/lib/config/languages'
import { bodyBytesMax, builtInTemplates, fillText, findTextFaults, toBlocks } from '@/lib/mail/mail-text'
import { findAskingToPublish } from '@/lib/texts/asking-to-publish'

const body = 'Dear {name},\n\n{why}\n\n{permissions}\n\n{steps}\n\n{button}\n\n{after}'
const faultsOf = (text: { subject?: string; body?: string }, basedOn = 'invitation') =>
  findTextFaults(basedOn, { subject: 'Your iD', body, ...text })

describe('every standard text', () => {
  const all = listTranslations().flatMap((locale) => builtInTemplates.map((key) => [locale, key] as const))

  test.each(all)('in %s has no fault: %s', (locale, key) => {
    const { subject, body } = readMessages(locale).mail.templates[key]
    expect(findTextFaults(key, { subject, body })).toEqual([])
  })

  test.each(all)('in %s says that no is an answer, or asks for nothing: %s', (locale, key) => {
    const { body } = readMessages(locale).mail.templates[key]
    const noConsequences = { en: /no consequences/, es: /sin ninguna consecuencia/ }[locale]
    expect(key === 'correction' || noConsequences?.test(body)).toBe(true)
  })
})

describe('a text', () => {
  test('without what ORCID requires is refused, each requirement by its number', () => {
    const missing = faultsOf({ body: 'Dear {name}, please connect.' })
    expect(missing.map((fault) => fault.code === 'missing' && [fault.rule, fault.variable])).toEqual([
      ['E1', 'why'],
      ['E2', 'button'],
      ['E3', 'steps'],
      ['E4', 'after'],
    ])
    expect(faultsOf({ body: 'Dear {name}, forget it.' }, 'correction')).toEqual([])
  })

  test('with an unknown variable is refused, with the nearest one there is', () => {
    expect(faultsOf({ body: `${body}\n{Nmae}` })).toEqual([
      { field: 'body', code: 'unknown', variable: 'Nmae', nearest: 'name' },
    ])
    expect(faultsOf({ body: `${body}\n{something entirely else}` })).toMatchObject([{ code: 'unknown', nearest: null }])
    expect(faultsOf({ body: `${body}\n{constructor}` })).toMatchObject([{ code: 'unknown' }])
    expect(faultsOf({ subject: '{__proto__}' })).toMatchObject([{ field: 'subject', code: 'unknown' }])
  })

  test('with a brace that stands alone is refused', () => {
    for (const wrong of ['{name', 'name}', '{{name}}', '{na\nme}']) {
      expect(faultsOf({ body: `${body}\n${wrong}` })).toContainEqual({ field: 'body', code: 'brace' })
    }
  })

  test('with a variable where it means nothing is refused', () => {
    expect(faultsOf({ subject: 'Open {button}' })).toEqual([{ field: 'subject', code: 'not_here', variable: 'button' }])
    expect(faultsOf({ body: 'Click {button}' }, 'correction')).toMatchObject([{ code: 'not_here', variable: 'button' }])
    expect(faultsOf({ body: `${body}\n{unsubscribe}` })).toMatchObject([{ code: 'in_frame', variable: 'unsubscribe' }])
  })

  test('with a block within a sentence is refused', () => {
    expect(faultsOf({ body: body.replace('{button}', 'Here: {button}') })).toEqual([
      { field: 'body', code: 'not_alone', variable: 'button' },
    ])
  })

  test.each(['a\nb', 'a\r\nBcc: x@example.org', 'a\u2028b', 'a\u0000b'])(
    'with %j for a subject is refused',
    (subject) => {
      expect(faultsOf({ subject })).toContainEqual({ field: 'subject', code: 'line_break' })
    },
  )

  test('that is empty or too long is refused', () => {
    expect(faultsOf({ subject: ' ' })).toEqual([{ field: 'subject', code: 'empty' }])
    expect(faultsOf({ body: '\n ' })).toContainEqual({ field: 'body', code: 'empty' })
    expect(faultsOf({ subject: 'a'.repeat(201) })).toEqual([{ field: 'subject', code: 'too_long' }])
    expect(faultsOf({ body: body + 'é'.repeat(bodyBytesMax / 2) })).toEqual([{ field: 'body', code: 'too_long' }])
  })

  test('of a megabyte is refused within a moment', () => {
    const start = performance.now()
    for (const long of ['a'.repeat(1_000_000), '{'.repeat(1_000_000), '{button}\n'.repeat(110_000)]) {
      expect(faultsOf({ body: long })).toEqual([{ field: 'body', code: 'too_long' }])
    }
    const worst = ['publish your '.repeat(1_500), 'haga que '.repeat(2_000), '{a'.repeat(9_000)]
    for (const long of worst) faultsOf({ body: long })
    expect(performance.now() - start).toBeLessThan(2_000)
  })
})

describe('a sentence that asks people to show more of their record', () => {
  test.each([
    'Please change the visibility of your works.',
    'Go to ORCID and set your works to Everyone: make them visible to everyone.',
    'Please make your e-mail address public.',
    'Make your record public before Friday.',
    'Publish your email address on your record.',
    'Show your e-mail to everyone.',
    'Check who can see your name in your privacy settings.',
    'Cambie la visibilidad de sus trabajos.',
    'Haga pública su dirección de correo.',
    'Publique su correo electrónico en su registro.',
    'Póngalo visible para todos.',
    'Revise quién puede ver su registro.',
  ])('is found: %s', (sentence) => {
    expect(findAskingToPublish(`Hello.\n\n${sentence} Thank you.`)).toBe(sentence)
    expect(faultsOf({ body: `${body}\n\n${sentence}` })).toMatchObject([{ code: 'asks_to_publish', sentence }])
    expect(faultsOf({ subject: sentence.replace(/[.!]$/, '') })).toMatchObject([{ code: 'asks_to_publish' }])
  })

  test.each([
    'You need not change who can see your record.',
    'No hace falta que cambie la visibilidad de nada.',
    'The library makes the results of research public.',
    'We read what is set to Everyone or Trusted parties.',
    'It shows your publications on your staff page.',
    'La biblioteca publica los resultados.',
    'You can change or stop it at any time.',
  ])('is not found in: %s', (sentence) => expect(findAskingToPublish(sentence)).toBeNull())
})

describe('a body', () => {
  test('is paragraphs, and blocks on lines of their own', () => {
    expect(toBlocks('One\r\ntwo\n\n\nThree\n{button}\n  {steps}  \nFour')).toEqual([
      { kind: 'text', text: 'One\ntwo' },
      { kind: 'text', text: 'Three' },
      { kind: 'button' },
      { kind: 'steps' },
      { kind: 'text', text: 'Four' },
    ])
  })

  const values = {
    name: 'Ada',
    institution: 'Example',
    asker: 'The Library',
    why: 'So.',
    campaign: null,
    ends_on: null,
    contact: 'a@example.org',
  }

  test('is filled once: what a value has in braces stays as it is', () => {
    expect(fillText('Dear {name}: {why}', { ...values, name: '{why} $& {contact}' })).toBe(
      'Dear {why} $& {contact}: So.',
    )
  })

  test('loses a paragraph about what is not there, and a greeting its name', () => {
    expect(fillText('Until {ends_on}.', values)).toBeNull()
    expect(fillText('Dear {name},', { ...values, name: null })).toBe('Dear,')
    expect(fillText('Hola, {name}:', { ...values, name: null })).toBe('Hola:')
  })
})
