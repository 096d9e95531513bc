import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Env } from '@/lib/config/env'
import { listTranslations, readMessages } from '@/lib/config/languages'
import { institution } from '@/lib/institution'
import type { MailValues } from '@/lib/mail/content'
import { builtInTemplates, type MailText } from '@/lib/mail/mail-text'
import { marks } from '@/lib/mail/page-cache'
import { renderText } from '@/lib/mail/render'

const before = institution().env

beforeAll(() => {
  const accent = { light: '#1d4f91', dark: '#8db8f0' }
  institution().env = { institution: { name: 'University of Example', accent, country: 'ES' } } as unknown as Env
})
afterAll(() => {
  institution().env = before
})

const link = 'https://portal.example.org/i/abcdefgh?a=1&b=2'
const values: MailValues = {
  institution: 'University of Example',
  asker: 'The Library',
  why: 'So that you need not type.\n\nA second reason.',
  permissions: [{ title: 'Read', reason: 'fills your page' }],
  waiting: [{ title: 'Lecturer', reason: 'Employment' }],
  checkUp: [{ heading: 'What you allow', items: [{ title: 'Read', reason: 'since 2021' }], none: 'Nothing.' }],
  link,
  contact: 'orcid@example.org',
  campaign: 'Spring',
  endsOn: '2026-05-03',
  privacyUrl: 'https://example.org/privacy',
  rosterUrl: 'https://portal.example.org/privacy/roster',
  unsubscribeUrl: 'https://portal.example.org/unsubscribe?mail=1&key=2',
}
const ours = (locale: string, key: (typeof builtInTemplates)[number]) => readMessages(locale).mail.templates[key]
const render = (text: MailText, more: Partial<MailValues> = {}, name: string | null = 'Ada Lovelace', locale = 'en') =>
  renderText({ text, locale, values: { ...values, ...more }, person: { name } })

describe('every standard text', () => {
  const all = listTranslations().flatMap((locale) => builtInTemplates.map((key) => [locale, key] as const))

  test.each(all)('in %s leaves no variable behind, and has E1 to E8 in both forms: %s', (locale, key) => {
    const mail = render(ours(locale, key), {}, 'Ada Lovelace', locale)
    const plainHtml = mail.html.replaceAll('&amp;', '&')
    for (const form of [mail.text, plainHtml.slice(plainHtml.indexOf('<body'))]) {
      expect(form).not.toMatch(/\{|undefined|null|<link/)
      const required = [
        values.contact,
        'https://orcid.org/',
        values.rosterUrl,
        values.privacyUrl,
        values.unsubscribeUrl,
      ]
      const ofLink = ['So that you need not type.', link, 'ORCID']
      for (const words of [...required, ...(key === 'correction' ? [] : ofLink)]) expect(form).toContain(words)
    }
    expect(mail.subject).not.toMatch(/[{}\n]/)
    expect(mail.html).toContain(`lang="${locale}"`)
  })

  test.each(all)('in %s asks no server for anything: %s', (locale, key) => {
    const { html } = render(ours(locale, key), {}, 'Ada', locale)
    expect(html).not.toMatch(/<(img|link|script|iframe|object|embed|video|audio|source|base|form)\b/i)
    expect(html).not.toMatch(/\b(src|srcset|background|poster|data|action)\s*=/i)
    expect(html).not.toMatch(/url\(|@import|@font-face/i)
    const hosts = [...html.matchAll(/href="([^"]*)"/g)].map(([, href = '']) => new URL(href).host)
    expect(
      [...new Set(hosts)]
        .filter(Boolean)
        .toSorted()
        .filter((host) => !host.endsWith('example.org')),
    ).toEqual(['orcid.org'])
  })
})

test('the link stands on a line of its own in the plain text, and so does every other address', () => {
  const lines = render(ours('en', 'invitation')).text.split('\n')
  expect(lines).toContain(link)
  for (const line of lines.filter((each) => each.includes('://'))) expect(line).toMatch(/^https:\/\/\S+$/)
})

const greeting = { subject: 'For {name}', body: 'Dear {name},\n\n{why}' }

test('a name, an institution and a reason that are HTML are words in HTML', () => {
  const attack = '<script>alert(1)</script><img src=x onerror=1>&"\''
  const { html, text } = render(
    { subject: '{institution}', body: `{name} {institution} {asker} {campaign}\n\n{why}\n\n{permissions}\n\n{button}` },
    {
      institution: attack,
      asker: attack,
      campaign: attack,
      why: attack,
      permissions: [{ title: attack, reason: attack }],
      link: `https://x.example.org/"><b>`,
    },
    attack,
  )
  expect(html).not.toMatch(/<(script|img|b)\b/)
  expect(html).toContain('&lt;script&gt;')
  expect(text).toContain('<script>alert(1)</script>')
})

describe('mails of one text, whose page is rendered once,', () => {
  const ofText = { subject: 'For {name}', body: 'Dear {name},\n\n{button}' }
  const one = { link: 'https://x.example.org/i/one?a=1&b=2', unsubscribeUrl: 'https://x.example.org/u?m=one' }
  const other = { link: 'https://x.example.org/i/other', unsubscribeUrl: 'https://x.example.org/u?m=other' }

  test('have each their own name, link and way to stop, and nothing of the one before', () => {
    render(ofText, one, 'Ada Lovelace')
    const { html, subject } = render(ofText, other, 'Grace Hopper')
    for (const part of ['Dear Grace Hopper,', '<title>For Grace Hopper</title>', other.link, other.unsubscribeUrl])
      expect(html).toContain(part)
    expect(subject).toBe('For Grace Hopper')
    expect(html).not.toMatch(/Ada|\/one|m=one/)
  })

  test('have no trace of a link, a name or a way to stop that one of them lacks', () => {
    render(ofText, one, 'Ada Lovelace')
    expect(render(ofText, one, null).html).toContain('Dear,')
    expect(render(ofText, { ...one, link: null }).html).not.toContain('/one')
    expect(render(ofText, { ...one, unsubscribeUrl: null }).html).not.toContain('unsubscribe')
    expect(render(ofText, { link: null, unsubscribeUrl: null }, null).html).not.toMatch(/Ada|\/one|m=one|\d{30}/)
    expect(render(ofText, one, 'Ada Lovelace').html).toContain(one.link.replace('&', '&amp;'))
  })

  test('keep a name that looks like what stands in its place, or like HTML or a replacement, as a name', () => {
    const hostile = `${marks.link} ${marks.name} {button} {name} $& $1 $\` <b>"'&amp;`
    render(ofText, one, 'Ada Lovelace')
    const { html, text } = render(ofText, one, hostile)
    const escaped = hostile
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#x27;')
    expect(html).toContain(`Dear ${escaped},`)
    expect(text).toContain(`Dear ${hostile},`)
    expect(html.match(/i\/one/g)).toHaveLength(3)
  })

  test('change with the words, the campaign, the permissions and the look', () => {
    const first = render(ofText, one).html
    expect(render({ ...ofText, body: 'Hello {name}.\n\n{button}' }, one).html).toContain('Hello Ada Lovelace.')
    expect(render({ ...ofText, body: `${ofText.body}\n\n{why}` }, { ...one, why: 'Because.' }).html).toContain(
      'Because.',
    )
    expect(render({ ...ofText, body: `${ofText.body}\n\n{why}` }, { ...one, why: 'No.' }).html).toContain('>No.<')
    const given = { text: ofText, locale: 'en', values: { ...values, ...one }, person: { name: 'Ada Lovelace' } }
    expect(renderText({ ...given, theme: 'dark' }).html).toContain('content="dark"')
    expect(render(ofText, one).html).toBe(first)
  })
})

test('a name with line breaks and marks that turn the direction adds no line and no header', () => {
  const { subject, text } = render(greeting, {}, 'Ada\r\nBcc: all@example.org\u202e\u2028\u0000')
  expect(subject).toBe('For Ada Bcc: all@example.org')
  expect(text).toContain('Dear Ada Bcc: all@example.org,\n')
})

test('a name that runs from right to left keeps its comma behind it', () => {
  const { subject, text, html } = render(greeting, {}, 'عائشة')
  for (const form of [subject, text, html]) expect(form).toContain('\u2068عائشة\u2069')
  expect(render(greeting).text).not.toMatch(/[\u2066-\u2069]/)
})

test('somebody without a name is greeted without one, and what has no campaign says nothing of its end', () => {
  const { text } = render(ours('en', 'invitation'), { campaign: null, endsOn: null }, null)
  expect(text).toContain('\nDear,\n')
  expect(text).not.toContain('We ask until')
  expect(render(ours('en', 'invitation')).text).toContain('We ask until 3 May 2026.')
})

test('a very long name and reason leave a subject of one line', () => {
  const { subject } = render(greeting, {}, 'A'.repeat(10_000))
  expect([...subject].length).toBeLessThanOrEqual(250)
})

test('colours of a dark device are in the mail, and no colour is without enough contrast', () => {
  const { html } = render(ours('en', 'invitation'))
  expect(html).toContain('@media (prefers-color-scheme:dark)')
  const pairs = [
    ['#16191d', '#ffffff'],
    ['#4a515a', '#ffffff'],
    ['#1d4f91', '#ffffff'],
    ['#ffffff', '#1d4f91'],
    ['#eceef0', '#1a1d21'],
    ['#b2b9c1', '#1a1d21'],
    ['#8db8f0', '#1a1d21'],
    ['#0e1620', '#8db8f0'],
  ] as const
  for (const [ink, ground] of pairs) {
    expect(html).toContain(ink)
    expect(contrast(ink, ground), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5)
  }
})

function contrast(...colours: [string, string]): number {
  const [dark = 0, light = 0] = colours.map(luminance).toSorted((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
