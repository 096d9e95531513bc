import { getTranslations } from 'next-intl/server'
import { getDayWords } from '@/app/staff/_components/day-words'
import type { Campaign } from '@/lib/campaigns/queries'
import { env } from '@/lib/config/env'
import type { MailValues } from '@/lib/mail/render'
import { getInstitutionTexts } from '@/lib/texts/queries'
import { scopeKey } from '@/lib/texts/text'

/** What a mail of a campaign is filled with in a language. The link is the public one: nobody's own is made for a look. */
export async function getMailValues(campaign: Campaign, locale: string): Promise<MailValues> {
  const t = await getTranslations({ locale, namespace: 'ask' })
  const toWords = await getDayWords()
  const { institution, origin } = env()
  const text = campaign.texts.find((each) => each.locale === locale)
  return {
    institution: institution.name,
    asker: getInstitutionTexts(locale).asker ?? t('defaults.asker'),
    why: text?.why ?? '',
    permissions: campaign.scopes.map((scope) => ({
      title: t(`scopes.${scopeKey(scope)}.title`),
      reason: text?.reasons[scope] ?? '',
    })),
    link: `${origin}/c/${campaign.code}`,
    contact: institution.supportEmail,
    campaign: campaign.name,
    endsOn: campaign.endsOn ? toWords(campaign.endsOn) : null,
    privacyUrl: institution.privacyUrl ?? `${origin}/privacy/roster`,
    rosterUrl: `${origin}/privacy/roster`,
    unsubscribeUrl: null,
  }
}
