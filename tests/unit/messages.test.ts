import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser'
import { describe, expect, it } from 'vitest'
import { fatalWords } from '@/app/_components/fatal-words'
import { abilityNames } from '@/lib/staff/abilities'
import { findKeys } from '@/tests/support/message-keys'

const root = resolve(import.meta.dirname, '..', '..')

/** What a variable can be in a key that is nothing but this variable, by file. `*` stands for any part. */
const variables: Record<string, string[]> = {
  'app/_components/state.tsx': ['pieces.state.*'],
  'app/_components/fatal-words.ts': ['fatal.*'],
  'app/connect/[outcome]/page.tsx': [
    'outcome.denied.*',
    'outcome.sent-by-orcid.connect',
    'outcome.code-expired.again',
    'outcome.already-used.me',
    'outcome.retry',
    'outcome.start',
  ],
  'app/i/_components/check-up-link.tsx': ['invitation.checkUp.change', 'invitation.checkUp.stop'],
  'app/me/_components/timeline.tsx': ['events.*.*'],
  'app/staff/_components/back-link.tsx': ['staff.nav.*'],
  'app/staff/_components/ask-missing.tsx': [
    'staff.actions.ask.sent',
    'staff.actions.ask.refused',
    'staff.invite.faults.*',
  ],
  'app/me/systems/_components/system-card.tsx': ['ask.uses.*', 'affiliation.kinds.*', 'me.systems.states.*'],
  'app/staff/_components/staff-event.tsx': ['staff.events.*.*'],
  'app/staff/campaigns/_components/campaign-form.tsx': ['staff.campaigns.form.fields.*'],
  'app/staff/campaigns/_components/campaign-state.tsx': ['staff.campaigns.states.*'],
  'app/staff/campaigns/_components/campaign-words.ts': ['ask.scopes.*.title', 'staff.campaigns.templates.*'],
  'app/staff/campaigns/_components/funnel-facts.tsx': ['staff.campaigns.funnel.*'],
  'app/staff/campaigns/_components/mailing-list.tsx': [
    'staff.campaigns.mailings.another',
    'staff.campaigns.mailings.later',
  ],
  'app/staff/campaigns/_components/merge-section.tsx': ['staff.campaigns.merge.csv', 'staff.campaigns.merge.xlsx'],
  'app/staff/campaigns/_components/missing-words.ts': ['staff.campaigns.missing.*'],
  'app/staff/researchers/export/route.ts': [
    'staff.exports.refused.format',
    'staff.exports.refused.separator',
    'staff.exports.refused.bom',
    'staff.exports.refused.column',
    'staff.exports.refused.dn',
  ],
  'app/staff/campaigns/texts/_components/text-form.tsx': [
    'staff.mailTexts.edit.subject',
    'staff.mailTexts.edit.body',
    'staff.mailTexts.faults.E1',
    'staff.mailTexts.faults.E2',
    'staff.mailTexts.faults.E3',
    'staff.mailTexts.faults.E4',
    'staff.mailTexts.faults.check_up',
  ],
  'app/staff/campaigns/texts/_components/variable-list.tsx': ['staff.mailTexts.variables.*'],
  // Read as they stand, since mails are written without a request.
  'lib/campaigns/commands.ts': ['campaign.standing.*.*'],
  'lib/mail/check-up.ts': ['mail.checkUp.*'],
  'lib/mail/content.ts': ['mail.frame.*', 'mail.frame.steps.*'],
  'lib/mail/sample.ts': ['mail.sample.*'],
  'lib/mail/templates.ts': ['mail.templates.*.*'],
  'app/staff/systems/_components/system-facts.tsx': ['staff.people.kinds.*'],
  'app/staff/systems/_components/system-form.tsx': ['staff.systems.form.fields.*', 'staff.people.kinds.*'],
  'app/staff/systems/_components/system-state.tsx': ['staff.systems.states.*'],
  'app/staff/settings/_components/look-preview.tsx': ['staff.settings.preview.light', 'staff.settings.preview.dark'],
  'app/staff/settings/_components/setting-words.ts': ['staff.settings.faults.*'],
  'app/staff/systems/_components/system-words.ts': ['staff.systems.rights.*'],
  'app/staff/researchers/_components/permission-marks.tsx': ['staff.marks.*'],
  'lib/mail/staff-notice.ts': ['mail.webhookOff.*'],
  'lib/mail/system-notice.ts': ['mail.systemNotice.*'],
  'lib/mail/file-notice.ts': ['mail.fileNotice.*.*', 'mail.fileNotice.where', 'staff.systems.files.faults.*'],
  'lib/webhooks/digest-words.ts': ['mail.digest.*', 'mail.digest.types.*'],
  'lib/texts/text.ts': ['ask.reasons.*'],
  'scripts/request-headers.mjs': ['plain.headersTooLarge.*', 'plain.tooLarge.*'],
}

const found = listSources().map((file) => findKeys(join(root, file)))
const declared = Object.values(variables).flat()
const used = [...found.flatMap((file) => file.used), ...declared.map((key) => ({ file: 'this test', key }))]
const messages = new Map(readdirSync(join(root, 'messages')).map((name) => [name, listKeys(readMessages(name))]))
const english = messages.get('en.json') ?? []

describe('messages', () => {
  it('has English words for every key that the code asks for', () => {
    const known = new Set(english)
    const missing = used.filter(({ key }) => {
      if (known.has(key)) return false
      const pattern = toPattern(key)
      return !english.some((one) => pattern.test(one))
    })
    expect(missing).toEqual([])
  })

  it('says of every ability on the page of the team what it is', () => {
    expect(abilityNames.filter((name) => !english.includes(`staff.team.abilities.${name}`))).toEqual([])
  })

  it('has no words that no code asks for', () => {
    const keys = new Set(used.map(({ key }) => key))
    const unasked = english.filter((key) => !keys.has(key))
    const patterns = [...keys].map(toPattern)
    expect(unasked.filter((key) => !patterns.some((pattern) => pattern.test(key)))).toEqual([])
  })

  it('knows what every key that is a variable can be', () => {
    const undeclared = found
      .flatMap(({ unknown }) => unknown)
      .filter(({ file }) => !(relative(root, file) in variables))
    expect(undeclared).toEqual([])
  })

  it('repeats the words of the last page as they stand in English', () => {
    expect(readMessages('en.json')).toMatchObject({ fatal: fatalWords })
  })

  it.each([...messages.keys()])('says the same things in %s as in English', (name) => {
    expect(messages.get(name)?.toSorted()).toEqual(english.toSorted())
  })

  it.each([...messages.keys()])('takes the same values and tags in %s as in English', (name) => {
    const theirs = new Map(listMessages(readMessages(name)))
    for (const [key, message] of listMessages(readMessages('en.json'))) {
      expect(listParts(theirs.get(key) ?? ''), key).toEqual(listParts(message))
    }
  })
})

function listSources(): string[] {
  return ['app', 'lib'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name) && !name.includes('.test.') && !name.startsWith('generated'))
      .map((name) => join(folder, name)),
  )
}

function readMessages(name: string): unknown {
  return JSON.parse(readFileSync(join(root, 'messages', name), 'utf8'))
}

function listMessages(value: unknown, path: string[] = []): [key: string, message: string][] {
  if (typeof value !== 'object' || value === null) return [[path.join('.'), String(value)]]
  return Object.entries(value).flatMap(([key, inner]) => listMessages(inner, [...path, key]))
}

function listKeys(value: unknown): string[] {
  return listMessages(value).map(([key]) => key)
}

/** The values, the tags and the cases of a choice in a message. Which plural forms there are is the language's affair. */
function listParts(message: string): string[] {
  const partsOf = (elements: MessageFormatElement[]): string[] =>
    elements.flatMap((element) => {
      if (element.type === TYPE.literal || element.type === TYPE.pound) return []
      if (element.type === TYPE.tag) return [`<${element.value}>`, ...partsOf(element.children)]
      if (element.type !== TYPE.select && element.type !== TYPE.plural) return [`{${element.value}}`]
      const cases = element.type === TYPE.select ? Object.keys(element.options) : []
      const inside = Object.values(element.options).flatMap(({ value }) => partsOf(value))
      return [`{${element.value}}`, ...cases.map((name) => `{${element.value} ${name}}`), ...inside]
    })
  return [...new Set(partsOf(parse(message)))].sort()
}

function toPattern(key: string): RegExp {
  const parts = key.split('*').map((part) => part.replaceAll('.', '\\.'))
  return new RegExp(`^${parts.join('[^.]+')}$`)
}
