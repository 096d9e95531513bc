import { getTranslations } from 'next-intl/server'
import { getLanguageWords } from '@/app/staff/campaigns/_components/campaign-words'
import type { AskedPerson } from '@/lib/campaigns/audience'
import { findSampleValues } from '@/lib/campaigns/prepare'
import type { Campaign } from '@/lib/campaigns/queries'
import { renderMail } from '@/lib/mail/render'

type Props = { campaign: Campaign; template: string; people: readonly AskedPerson[] }

/** Ten of those who get a mail, each with it in their language, as plain text. */
export async function SampleMails({ campaign, template, people }: Props) {
  if (people.length === 0) return null
  const t = await getTranslations('staff.campaigns.open')
  const toLanguage = await getLanguageWords()
  const mails = await Promise.all(
    people.map(async (person) => {
      const values = await findSampleValues(campaign, person.locale)
      const named = person.name ? { name: person.name } : null
      return { person, ...(await renderMail({ template, locale: person.locale, values, person: named })) }
    }),
  )
  return (
    <section aria-labelledby="sample" className="space-y-3">
      <h2 id="sample">{t('sample')}</h2>
      <p className="note">{t('sampleLink')}</p>
      <ul className="card card-list">
        {mails.map(({ person, subject, text }) => (
          <li key={person.id} className="py-2">
            <details>
              <summary className="min-h-6 [overflow-wrap:anywhere]">
                <bdi translate="no">{person.name ?? person.email}</bdi>{' '}
                <span className="note">
                  <bdi translate="no">{person.email}</bdi> · {toLanguage(person.locale)}
                </span>
              </summary>
              <div
                lang={person.locale}
                dir="auto"
                translate="no"
                className="mt-3 space-y-2 border-line border-s-2 ps-4"
              >
                <p className="font-semibold">{subject}</p>
                <pre className="whitespace-pre-wrap text-sm [overflow-wrap:anywhere]">{text}</pre>
              </div>
            </details>
          </li>
        ))}
      </ul>
    </section>
  )
}
