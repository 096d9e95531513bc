import 'server-only'
import { toDay } from '@/lib/config/day'
import { env } from '@/lib/config/env'
import { readMessages } from '@/lib/config/languages'
import type { MailValues } from '@/lib/mail/content'
import { getInstitutionTexts } from '@/lib/texts/queries'
import { type AskTranslator, composeAskText, inReadingOrder } from '@/lib/texts/text'

/** ORCID's own person who is nobody: https://orcid.org/0000-0002-1825-0097 */
export const samplePerson = { name: 'Josiah Carberry' }

const dayMs = 86_400_000

/** What a template is looked at with: what the portal asks for, in the words of its front page. No link in it works. */
export function toSampleValues(locale: string): MailValues {
  const { institution, origin, orcid } = env()
  const messages = readMessages(locale)
  const texts = getInstitutionTexts(locale)
  const { benefit, permissions } = composeAskText(
    toTranslator(messages.ask),
    texts,
    institution.name,
    inReadingOrder(orcid.scopes),
  )
  return {
    institution: institution.name,
    asker: texts.asker ?? messages.ask.defaults.asker,
    why: benefit,
    permissions: permissions.map(({ title, reason }) => ({ title, reason })),
    link: `${origin}/i/sample`,
    contact: institution.supportEmail,
    campaign: messages.mail.sample.campaign,
    endsOn: toDay(new Date(Date.now() + 30 * dayMs)),
    privacyUrl: institution.privacyUrl ?? null,
    rosterUrl: `${origin}/privacy/roster`,
    unsubscribeUrl: `${origin}/unsubscribe`,
  }
}

/** The messages of the page in a language that need not be that of a request. */
function toTranslator(ask: object): AskTranslator {
  const find = (key: string) =>
    key.split('.').reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], ask)
  const translate = (key: string, values: Record<string, string> = {}) =>
    String(find(key)).replace(/\{(\w+)\}/g, (_all, name: string) => values[name] ?? '')
  return Object.assign(translate, { has: (key: string) => typeof find(key) === 'string' })
}
