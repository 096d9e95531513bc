import { env } from '@/lib/config/env'
import { findInitials } from '@/lib/config/monogram'
import { type MailValues, toContent } from '@/lib/mail/content'
import type { MailTheme } from '@/lib/mail/mail-page'
import type { MailText } from '@/lib/mail/mail-text'
import { renderPage } from '@/lib/mail/page-cache'
import { toPlainText } from '@/lib/mail/plain-text'
import { getMailText } from '@/lib/mail/templates'

export type { MailValues } from '@/lib/mail/content'

export type RenderedMail = { subject: string; html: string; text: string }

type Person = { name: string | null } | null
type Filled = { locale: string; values: MailValues; person: Person }

/** A template as a mail, in the institution's words or ours. */
export async function renderMail({ template, ...filled }: Filled & { template: string }): Promise<RenderedMail> {
  return renderText({ text: await getMailText(template, filled.locale), ...filled })
}

/** A text that need not be saved. `theme` is for looking at it: a mail takes that of the reader's device. */
export function renderText(given: Filled & { text: MailText; theme?: MailTheme }): RenderedMail {
  const content = toContent(given)
  const { name, accent } = env().institution
  const look = { accent, monogram: findInitials(name), theme: given.theme ?? null }
  return { subject: content.subject, html: renderPage(given, content, look), text: toPlainText(content) }
}
