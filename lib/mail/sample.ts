import 'server-only'
import { toDay } from '@/lib/config/day'
import { env } from '@/lib/config/env'
import { readMessages } from '@/lib/config/languages'
import { describeCheckUp, describeItem, toSampleCheckUp } from '@/lib/mail/check-up'
import type { MailValues } from '@/lib/mail/content'
import { composeForMail } from '@/lib/texts/mail-words'

/** ORCID's own person who is nobody: https://orcid.org/0000-0002-1825-0097 */
export const samplePerson = { name: 'Josiah Carberry' }

const dayMs = 86_400_000

/** What a template is looked at with: what the portal asks for, in the words of its front page. No link in it works. */
export function toSampleValues(locale: string): MailValues {
  const { institution, origin, orcid } = env()
  return {
    institution: institution.name,
    ...composeForMail(locale, orcid.scopes, null),
    ...toSampleLists(locale),
    link: `${origin}/i/sample`,
    contact: institution.supportEmail,
    campaign: readMessages(locale).mail.sample.campaign,
    endsOn: toDay(new Date(Date.now() + 30 * dayMs)),
    privacyUrl: institution.privacyUrl ?? null,
    rosterUrl: `${origin}/privacy/roster`,
    unsubscribeUrl: `${origin}/unsubscribe`,
  }
}

/** What waits for a permission, and a check-up, of nobody. */
export function toSampleLists(locale: string): Pick<MailValues, 'waiting' | 'checkUp'> {
  const title = readMessages(locale).mail.sample.item
  const item = { kind: 'employment', title, department: null, startOn: '2021', endOn: null }
  return {
    waiting: [describeItem(item, locale)],
    checkUp: describeCheckUp({ ...toSampleCheckUp(), items: [item] }, locale),
  }
}
