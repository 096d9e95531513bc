import { env } from '@/lib/config/env'
import { addCountry, readMessages, textDirection } from '@/lib/config/languages'
import { type BlockVariable, fillText, type InlineValues, type MailText, toBlocks } from '@/lib/mail/mail-text'
import { visibleName } from '@/lib/researchers/visible-name'

/** An entry of a list: what it is, and more about it. */
type Entry = { title: string; reason: string }

/** A part of a check-up. `none`: what stands there where there is no entry. */
export type MailSection = { heading: string; items: Entry[]; none: string }

export type MailValues = {
  institution: string
  /** Who asks, as the subject of a sentence. */
  asker: string
  /** Why we ask: paragraphs. */
  why: string
  permissions: Entry[]
  /** What waits until they are allowed. */
  waiting: Entry[]
  /** Of a yearly check-up. */
  checkUp: MailSection[]
  /** The personal link; null in a mail that asks for nothing. */
  link: string | null
  contact: string
  campaign: string | null
  /** The last day, as `2026-05-03`; in words it stays as it is. */
  endsOn: string | null
  privacyUrl: string | null
  /** The page about people who never connected; null in a mail about a program, which is about nobody. */
  rosterUrl: string | null
  /** Null where nothing can be ended, as in a mail that somebody has just asked for. */
  unsubscribeUrl: string | null
}

/** A sentence that leads somewhere from some of its words. */
export type Line = { before: string; words: string; after: string; href: string | null }

export type Part =
  | { kind: 'paragraph'; text: string }
  | { kind: 'permissions'; items: Entry[] }
  | { kind: 'steps'; items: string[] }
  | { kind: 'button'; label: string; href: string; hint: string; personal: string }

/** A mail in words, from which both its HTML and its plain text are made. */
export type MailContent = {
  locale: string
  direction: 'ltr' | 'rtl'
  institution: string
  subject: string
  /** The person's, as it stands in a sentence. */
  name: string | null
  parts: Part[]
  foot: { about: string; lines: Line[] }
}

const orcidUrl = 'https://orcid.org/'
const subjectCharsMax = 250

export type Given = { text: MailText; locale: string; values: MailValues; person: { name: string | null } | null }

export function toContent({ text, locale, values, person }: Given): MailContent {
  const { ask, mail } = readMessages(locale)
  const direction = textDirection(locale)
  const inline = toInline(locale, values, person?.name ?? null)
  const fill = (message: string) => fillText(message, inline) ?? ''
  const { steps, button, look, address, personal, after, waiting } = mail.frame
  // Its link leads to a page that asks for nothing.
  const isCheckUp = text.body.includes('{check_up}')
  const toParts = (kind: BlockVariable): Part[] => {
    if (kind === 'permissions') return toList(values.permissions)
    if (kind === 'waiting')
      return values.waiting.length > 0 ? [toParagraph(fill(waiting)), ...toList(values.waiting)] : []
    if (kind === 'check_up') {
      return values.checkUp.flatMap(({ heading, items, none }) => [
        toParagraph(heading),
        ...(items.length > 0 ? toList(items) : [toParagraph(none)]),
      ])
    }
    if (kind === 'steps') return [{ kind, items: [steps.open, steps.signIn, steps.decide].map(fill) }]
    if (kind === 'after') return [toParagraph(fill(after))]
    return values.link ? [{ kind, label: isCheckUp ? look : button, href: values.link, hint: address, personal }] : []
  }
  const parts = toBlocks(text.body).flatMap((block) => {
    if (block.kind !== 'text') return toParts(block.kind)
    return toParagraphs(fillText(block.text, inline))
  })
  return {
    locale,
    direction,
    institution: inline.institution ?? '',
    subject: fillSubject(text.subject, inline),
    name: inline.name,
    parts,
    foot: { about: ask.aboutOrcid, lines: listFoot(mail.frame, values, fill) },
  }
}

const toParagraph = (text: string): Part => ({ kind: 'paragraph', text })
const toList = (items: Entry[]): Part[] => (items.length > 0 ? [{ kind: 'permissions', items }] : [])

/** What was filled in may have paragraphs of its own. */
const toParagraphs = (text: string | null): Part[] =>
  (text ?? '')
    .split(/\n\s*\n/)
    .map((each) => each.trim())
    .filter(Boolean)
    .map(toParagraph)

function listFoot(
  frame: ReturnType<typeof readMessages>['mail']['frame'],
  { contact, rosterUrl, privacyUrl, unsubscribeUrl }: MailValues,
  fill: (message: string) => string,
): Line[] {
  return [
    toLine(fill(frame.orcid), orcidUrl),
    toLine(fill(frame.contact), `mailto:${contact}`),
    ...(rosterUrl ? [toLine(fill(frame.why), rosterUrl)] : []),
    ...(rosterUrl && privacyUrl ? [toLine(fill(frame.privacy), privacyUrl)] : []),
    ...(rosterUrl ? [toLine(fill(frame.orcidPrivacy), null)] : []),
    ...(unsubscribeUrl ? [toLine(fill(frame.unsubscribe), unsubscribeUrl)] : []),
  ]
}

function toLine(message: string, href: string | null): Line {
  const [, before = '', words = '', after = ''] = /^(.*)<link>(.*)<\/link>(.*)$/s.exec(message) ?? ['', message]
  return { before, words, after, href: words ? href : null }
}

/** A campaign’s name or end where there is none leaves a gap: the rest of the subject stands. */
function fillSubject(subject: string, inline: InlineValues): string {
  const filled = fillText(subject, { ...inline, campaign: inline.campaign ?? '', ends_on: inline.ends_on ?? '' })
  return [...(filled ?? '').replace(/[\s\p{Cc}]+/gu, ' ').trim()].slice(0, subjectCharsMax).join('')
}

function toInline(locale: string, values: MailValues, name: string | null): InlineValues {
  const direction = textDirection(locale)
  const clean = (text: string | null) => {
    const visible = visibleName(text?.replace(/\s+/gu, ' ') ?? null)
    return visible && isolate(visible, direction)
  }
  return {
    name: clean(name),
    institution: clean(values.institution) ?? '',
    asker: clean(values.asker) ?? '',
    why: values.why.replace(/\r\n?|\u2028|\u2029/g, '\n').trim(),
    contact: values.contact,
    campaign: clean(values.campaign),
    ends_on: values.endsOn && formatDay(values.endsOn, locale),
  }
}

const rightToLeft = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u

/** A name that runs against the sentence would take the sentence's commas with it. */
function isolate(text: string, direction: 'ltr' | 'rtl'): string {
  const isAgainst = direction === 'rtl' ? /\p{Script=Latin}/u.test(text) : rightToLeft.test(text)
  return isAgainst ? `\u2068${text}\u2069` : text
}

/** A day such as `2026-05-03` in words. */
export function formatDay(day: string, locale: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return day
  const language = addCountry(locale, env().institution.country)
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(day))
}
