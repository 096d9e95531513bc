import { getTranslations } from 'next-intl/server'
import { languageName } from '@/app/staff/campaigns/texts/_components/language-name'
import { settingsHref } from '@/app/staff/settings/_components/href'
import { env } from '@/lib/config/env'
import { getLanguage } from '@/lib/i18n/request'
import { type Section, sections } from '@/lib/settings/setting'

/** The ways to the other settings, as links. */
export async function SectionNav({ current, draft }: { current: Section; draft: string | null }) {
  const t = await getTranslations('staff.settings')
  return (
    <nav aria-label={t('sectionsLabel')} className="no-print">
      <ul className="flex flex-wrap gap-x-6 gap-y-1 border-line sm:border-b">
        {sections.map((section) => (
          <li key={section}>
            <a
              href={settingsHref(section, env().institution.languages[0] ?? 'en', draft)}
              aria-current={section === current ? 'page' : undefined}
              className="inline-flex min-h-8 items-center border-transparent sm:min-h-10 border-b-2 aria-[current]:border-accent aria-[current]:font-semibold aria-[current]:no-underline"
            >
              {t(`sections.${section}`)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** The texts in the other languages. */
export async function LanguageNav({ current, draft }: { current: string; draft: string | null }) {
  const t = await getTranslations('staff.settings')
  const pageLanguage = await getLanguage()
  return (
    <nav aria-label={t('languagesLabel')} className="no-print flex flex-wrap gap-x-4">
      {env().institution.languages.map((locale) => (
        <a
          key={locale}
          href={settingsHref('texts', locale, draft)}
          translate="no"
          aria-current={locale === current ? 'page' : undefined}
          className="inline-flex min-h-8 items-center aria-[current]:font-semibold"
        >
          {languageName(locale, pageLanguage)}
        </a>
      ))}
    </nav>
  )
}
