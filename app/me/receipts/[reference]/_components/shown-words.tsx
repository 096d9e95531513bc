import { getTranslations } from 'next-intl/server'
import { textDirection } from '@/lib/config/languages'
import { getLanguage } from '@/lib/i18n/request'
import type { AskText } from '@/lib/texts/text'

/** Every sentence that stood before the button, word for word. */
export async function ShownWords({ language, words }: { language: string; words: AskText }) {
  const t = await getTranslations('me.receipt')
  const locale = await getLanguage()
  const name = new Intl.DisplayNames([locale], { type: 'language' }).of(language) ?? language
  return (
    <>
      <p className="note">{t('inTheseWords', { language: name })}</p>
      <blockquote
        lang={language}
        dir={textDirection(language)}
        translate="no"
        className="card card-small receipt-words"
      >
        <p className="font-semibold">{words.heading}</p>
        <p>
          {words.asker} {words.aboutOrcid}
        </p>
        <p>{words.benefit}</p>
        <p>{words.decide}</p>
        <ul className="list-disc ps-5">
          {words.permissions.map(({ scope, title, explanation, reason }) => (
            <li key={scope}>
              <span className="font-semibold">{title}</span> {reason}
              <br />
              {explanation}
            </li>
          ))}
        </ul>
        <p>
          {words.allOrNone} {words.duration} {words.remains}
        </p>
        <p>
          <span lang={locale} className="note">
            [{(await getTranslations('front'))('recipients')}]
          </span>{' '}
          {words.recipients.join(' · ')}
        </p>
        <p>
          {words.refusal} {words.existing}
        </p>
      </blockquote>
    </>
  )
}
