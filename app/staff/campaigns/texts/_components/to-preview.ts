import type { MailText } from '@/lib/mail/mail-text'
import { renderText } from '@/lib/mail/render'
import { samplePerson, toSampleValues } from '@/lib/mail/sample'

export type Preview = { subject: string; light: string; dark: string; plain: string }

/** A text as a mail to an invented person, on light and on dark, and without HTML. */
export function toPreview(locale: string, text: MailText): Preview {
  const filled = { text, locale, values: toSampleValues(locale), person: samplePerson }
  const light = renderText({ ...filled, theme: 'light' })
  const { html: dark } = renderText({ ...filled, theme: 'dark' })
  return { subject: light.subject, light: light.html, dark, plain: light.text }
}
