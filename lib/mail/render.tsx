import 'server-only'
import { getMailText } from '@/lib/mail/templates'

export type MailValues = {
  institution: string
  asker: string
  why: string
  permissions: { title: string; reason: string }[]
  link: string
  contact: string
  campaign: string | null
  endsOn: string | null
  privacyUrl: string
  rosterUrl: string
  unsubscribeUrl: string | null
}

type Rendered = { subject: string; html: string; text: string }

/** A mail in words, as it is sent. */
export async function renderMail(mail: {
  template: string
  locale: string
  values: MailValues
  person: { name: string } | null
}): Promise<Rendered> {
  const { subject } = await getMailText(mail.template, mail.locale)
  const { values, person } = mail
  const permissions = values.permissions.map(({ title, reason }) => `${title}: ${reason}`)
  const text = [person?.name ?? '', values.why, ...permissions, values.link, values.contact, values.privacyUrl].join(
    '\n\n',
  )
  return { subject, text, html: '' }
}
