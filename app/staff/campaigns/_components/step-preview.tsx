import { getTranslations } from 'next-intl/server'
import { getLanguageWords } from '@/app/staff/campaigns/_components/campaign-words'
import { getMailValues } from '@/app/staff/campaigns/_components/mail-values'
import type { Campaign } from '@/lib/campaigns/queries'
import { env } from '@/lib/config/env'
import { renderMail } from '@/lib/mail/render'
import { samplePerson } from '@/lib/mail/sample'
import { hasMailText } from '@/lib/mail/templates'

type Props = { campaign: Campaign; template: string; name: string }

/** A mail of the plan with the words of its campaign, to an invented person, in each language that it is written in. */
export async function StepPreview({ campaign, template, name }: Props) {
  const t = await getTranslations('staff.campaigns.steps')
  const toLanguage = await getLanguageWords()
  const mails = await Promise.all(
    env().institution.languages.map(async (locale) => {
      if (!(await hasMailText(template, locale))) return []
      const values = await getMailValues(campaign, locale)
      return [{ locale, ...(await renderMail({ template, locale, values, person: samplePerson })) }]
    }),
  )
  if (mails.flat().length === 0) return null
  return (
    <details className="no-print sm:col-span-2">
      <summary className="inline-flex min-h-6 items-center text-accent text-sm underline">
        {t('read')}
        <span className="sr-only">: {name}</span>
      </summary>
      <div className="mt-2 space-y-4">
        <p className="note">{t('readHint')}</p>
        {mails.flat().map(({ locale, subject, text }) => (
          <div key={locale} className="space-y-2 border-line border-s-2 ps-4">
            <p className="note">{toLanguage(locale)}</p>
            <div lang={locale} dir="auto" translate="no" className="space-y-2">
              <p className="font-semibold">{subject}</p>
              <pre className="whitespace-pre-wrap text-sm [overflow-wrap:anywhere]">{text}</pre>
            </div>
          </div>
        ))}
      </div>
    </details>
  )
}
