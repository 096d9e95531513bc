import { expect, test } from 'vitest'
import {
  type AskTranslator,
  composeAskText,
  institutionTexts,
  listShownSystems,
  type NamedSystem,
  toShownText,
  versionOf,
} from '@/lib/texts/text'
import messages from '@/messages/en.json'

function find(key: string): unknown {
  return key
    .split('.')
    .reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], messages.ask)
}

const t: AskTranslator = Object.assign(
  (key: string, values: Record<string, string> = {}) =>
    String(find(key)).replace(/\{(\w+)\}/g, (_all, name: string) => values[name] ?? ''),
  { has: (key: string) => typeof find(key) === 'string' },
)
const scopes = ['openid', '/read-limited', '/activities/update', '/person/update']

test('every scope that is asked for by default has a reason', () => {
  const { permissions } = composeAskText(t, {}, 'University of Example', scopes)
  expect(permissions.map(({ scope }) => scope)).toEqual(scopes)
  for (const permission of permissions) expect(Object.values(permission).every(Boolean)).toBe(true)
})

test('a scope whose reason is emptied is not asked for', () => {
  const { permissions } = composeAskText(t, { reasons: { '/person/update': '' } }, 'University of Example', scopes)
  expect(permissions.map(({ scope }) => scope)).not.toContain('/person/update')
})

test("the institution's own words take the place of ours", () => {
  const own = {
    asker: 'The University Library',
    benefit: 'It fills your staff page.',
    recipients: ['Elements', 'Pure'],
  }
  const text = composeAskText(t, own, 'University of Example', scopes)
  expect(text.asker).toBe('The University Library asks you.')
  expect(text).toMatchObject({ benefit: own.benefit, recipients: own.recipients })
})

test('another word, another language or another scope gives another hash, and the same text the same', () => {
  const text = composeAskText(t, {}, 'University of Example', scopes)
  const hash = (locale: string, content: typeof text) => toShownText(locale, content).hash
  expect(hash('en', text)).toBe(hash('en', { ...text }))
  expect(new Set([hash('en', text), hash('es', text), hash('en', { ...text, refusal: 'No.' })]).size).toBe(3)
})

const pages: NamedSystem = {
  termId: 'term 1',
  name: 'Staff pages',
  operator: 'processor',
  processorName: 'Acme',
  purpose: 'Shows your works.',
  rights: ['people:read', 'record:read'],
  scopes: ['/read-limited'],
}

test('each permission says which systems use it, and for what, and no other', () => {
  const { permissions, recipients } = composeAskText(t, {}, 'University of Example', scopes, null, [pages])
  expect(permissions.map(({ uses }) => uses)).toEqual([
    ['Staff pages knows who you are and what you allow: Shows your works.'],
    ['Staff pages reads your record: Shows your works.'],
    [],
    [],
  ])
  expect(recipients).toContain('Staff pages, run for us by Acme')
  expect(listShownSystems([pages], scopes)).toEqual([{ termId: 'term 1', scopes: ['openid', '/read-limited'] }])
  expect(listShownSystems([pages], ['/person/update'])).toEqual([])
})

test('another term gives another version and another hash, though its words are the same', () => {
  const text = composeAskText(t, {}, 'University of Example', scopes, null, [pages])
  const later = { ...pages, termId: 'term 2' }
  expect([versionOf([]), versionOf([pages])]).not.toContain(versionOf([later]))
  expect(versionOf([pages, later])).toBe(versionOf([later, pages]))
  const [one, other] = [pages, later].map((each) => toShownText('en', text, listShownSystems([each], scopes)).hash)
  expect(one).not.toBe(other)
})

test('nobody is asked to change who sees their record, or to make an e-mail address public', () => {
  expect(JSON.stringify(messages)).not.toMatch(
    /visibility setting|make (your |it )?(e-?mail|name|record).{0,20}public|set .{0,30}to (public|everyone)/i,
  )
})

test('a file with a word that is not one of ours is refused', () => {
  expect(institutionTexts.safeParse({ benefits: 'x' }).success).toBe(false)
})

test('a file that asks people to show more of their record is refused', () => {
  const asking = 'Please set your works to visible for everyone.'
  expect(institutionTexts.safeParse({ benefit: asking }).success).toBe(false)
  expect(institutionTexts.safeParse({ recipients: [asking] }).success).toBe(false)
  expect(institutionTexts.safeParse({ reasons: { '/read-limited': asking } }).success).toBe(false)
  expect(institutionTexts.safeParse({ benefit: 'You need not change who can see your record.' }).success).toBe(true)
})
