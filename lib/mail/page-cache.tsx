import { randomBytes } from 'node:crypto'
import { type Given, type MailContent, toContent } from '@/lib/mail/content'
import { type Look, MailPage } from '@/lib/mail/mail-page'
import { toMarkup } from '@/lib/mail/markup'

/** What differs between the mails of one text. */
const fields = ['name', 'subject', 'link', 'unsubscribeUrl'] as const
type Personal = Record<(typeof fields)[number], string | null>

// Digits have no direction, so that no mark is isolated as a name may be. Nobody can guess them, so no text has one.
const random = BigInt(`0x1${randomBytes(16).toString('hex')}`).toString()

/** Stand in a rendered page for what differs. */
export const marks: Record<keyof Personal, string> = {
  name: `1${random}`,
  subject: `2${random}`,
  link: `3${random}`,
  unsubscribeUrl: `4${random}`,
}
const anyMark = new RegExp(`([1-4])${random}`, 'g')

const pagesMax = 50
/** By all that is the same in each mail. */
const pages = new Map<string, string>()

/**
 * The HTML of a mail. React renders a text once, with marks for what is somebody's own: rendering each mail leaves so
 * much garbage that a worker grows by hundreds of megabytes.
 */
export function renderPage(given: Given, { name, subject }: MailContent, look: Look): string {
  const { link, unsubscribeUrl } = given.values
  const personal: Personal = { name, subject, link, unsubscribeUrl }
  const page = findPage(given, personal, look)
  // At once, so that a name that looks like a mark is a name.
  return page.replace(anyMark, (_all, place: string) => toHtml(personal[fields[Number(place) - 1] ?? 'name'] ?? ''))
}

function findPage({ text, locale, values }: Given, personal: Personal, look: Look): string {
  const marked = (field: keyof Personal) => personal[field] && marks[field]
  const shared = { ...values, link: marked('link'), unsubscribeUrl: marked('unsubscribeUrl') }
  const person = { name: marked('name') }
  const key = JSON.stringify([text, locale, shared, person, look])
  const known = pages.get(key)
  if (known) return known
  const content = { ...toContent({ text, locale, values: shared, person }), subject: marks.subject }
  const page = `<!doctype html>${toMarkup(<MailPage content={content} look={look} />)}`
  const [oldest] = pages.size >= pagesMax ? pages.keys() : []
  if (oldest) pages.delete(oldest)
  pages.set(key, page)
  return page
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#x27;' }
const toHtml = (text: string) => text.replace(/[&<>"']/g, (character) => escapes[character] ?? '')
