import { useTranslations } from 'next-intl'

type Props = {
  contact: string
  privacyUrl?: string
  accessibilityUrl?: string
  locale: string
  locales: readonly string[]
  theme: 'light' | 'dark' | 'system'
  /** The path of the page, to come back to it. */
  back?: string
}

const themes = ['system', 'light', 'dark'] as const

/** The foot of every page: whom to ask, and how this browser wants it. */
export function SiteFooter({ contact, privacyUrl, accessibilityUrl, locale, locales, theme, back }: Props) {
  const t = useTranslations('shell')
  return (
    <footer className="border-line border-t bg-surface">
      <div className="shell flex flex-wrap items-center justify-between gap-x-8 gap-y-3 py-5 text-sm">
        <ul className="flex flex-wrap gap-x-5 gap-y-1">
          <FooterLink href={`mailto:${contact}`}>{t('contact')}</FooterLink>
          {privacyUrl ? <FooterLink href={privacyUrl}>{t('privacy')}</FooterLink> : null}
          {accessibilityUrl ? <FooterLink href={accessibilityUrl}>{t('accessibility')}</FooterLink> : null}
        </ul>
        <div className="no-print flex min-w-0 flex-wrap gap-x-6 gap-y-3">
          {locales.length > 1 ? (
            <Choice
              name="locale"
              label={t('language')}
              value={locale}
              back={back}
              submit={t('apply')}
              options={locales.map((one) => ({ value: one, label: nameOf(one), lang: one }))}
            />
          ) : null}
          <Choice
            name="theme"
            label={t('theme')}
            value={theme}
            back={back}
            submit={t('apply')}
            options={themes.map((one) => ({ value: one, label: t(`themes.${one}`) }))}
          />
        </div>
      </div>
    </footer>
  )
}

/** A language in that language. */
const nameOf = (locale: string) => new Intl.DisplayNames([locale], { type: 'language' }).of(locale) ?? locale

function FooterLink({ href, children }: { href: string; children: string }) {
  return (
    <li>
      <a href={href} className="inline-flex min-h-6 items-center">
        {children}
      </a>
    </li>
  )
}

type ChoiceProps = {
  name: string
  label: string
  value: string
  options: { value: string; label: string; lang?: string }[]
  submit: string
  back?: string
}

/** One setting as a plain form, so that it works without script. */
function Choice({ name, label, value, options, submit, back }: ChoiceProps) {
  return (
    <form method="post" action="/preferences" className="flex min-w-0 items-center gap-2">
      {back ? <input type="hidden" name="back" value={back} /> : null}
      <label className="flex min-w-0 items-center gap-2">
        {label}
        <select
          name={name}
          defaultValue={value}
          className="min-h-8 min-w-0 max-w-40 rounded-md border border-line-strong bg-surface py-0.5 ps-2 pe-1"
        >
          {options.map((option) => (
            <option key={option.value} value={option.value} lang={option.lang}>
              {option.label}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" className="link-button">
        {submit}
        <span className="sr-only"> {label}</span>
      </button>
    </form>
  )
}
