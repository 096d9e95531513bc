import { findPersonalValues } from '@/lib/campaigns/personal-values'
import type { Campaign } from '@/lib/campaigns/queries'
import { env } from '@/lib/config/env'
import type { MailValues } from '@/lib/mail/render'
import { toSampleLists } from '@/lib/mail/sample'
import { composeForMail } from '@/lib/texts/mail-words'

/**
 * What a mail of a campaign is filled with in a language: as this person gets it, or as an invented one. The link is the
 * public one, or leads nowhere: nobody's own is made for a look.
 */
export async function getMailValues(campaign: Campaign, locale: string, personId?: string): Promise<MailValues> {
  const { institution, origin } = env()
  const text = campaign.texts.find((each) => each.locale === locale)
  const words = { why: text?.why ?? '', reasons: text?.reasons ?? {} }
  const { kind, code } = campaign
  const shown = { kind, words, scopes: campaign.scopes }
  const values = personId
    ? await findPersonalValues({ personId, campaign: shown, scopes: [], locale })
    : { ...composeForMail(locale, kind === 'ask' ? shown.scopes : env().orcid.scopes, words), ...toSampleLists(locale) }
  return {
    institution: institution.name,
    ...values,
    link: kind === 'ask' ? `${origin}/c/${code}` : `${origin}/i/sample`,
    contact: institution.supportEmail,
    campaign: campaign.name,
    endsOn: campaign.endsOn,
    privacyUrl: institution.privacyUrl ?? `${origin}/privacy/roster`,
    rosterUrl: `${origin}/privacy/roster`,
    unsubscribeUrl: null,
  }
}
