import 'server-only'
import { env } from '@/lib/config/env'
import type { MailText } from '@/lib/mail/mail-text'
import { type RenderedMail, renderText } from '@/lib/mail/render'

type Notice = {
  text: MailText
  locale: string
  /** Of the person it is for and about; none where it is about a program alone. */
  name?: string | null
  /** `{campaign}` in the text. */
  system: string
  /** `{why}`: paragraphs. */
  about: string
  /** `{permissions}`. */
  list?: { title: string; reason: string }[]
  /** `{ends_on}`: a day. */
  day?: string | null
}

/** A mail about a system. It asks for nothing, and nobody can unsubscribe from it. */
export function renderNotice({ text, locale, name, system, about, list = [], day = null }: Notice): RenderedMail {
  const { institution, origin, mail } = env()
  return renderText({
    text,
    locale,
    person: { name: name ?? null },
    values: {
      institution: institution.name,
      asker: '',
      why: about,
      permissions: list,
      waiting: [],
      checkUp: [],
      link: null,
      contact: mail?.replyTo ?? institution.supportEmail,
      campaign: system,
      endsOn: day,
      privacyUrl: institution.privacyUrl ?? null,
      rosterUrl: name === undefined ? null : `${origin}/privacy/roster`,
      unsubscribeUrl: null,
    },
  })
}
