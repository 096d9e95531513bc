import { ChevronDown, Globe } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'

const themes = ['system', 'light', 'dark'] as const

export type SiteMenuProps = {
  /** Who looks; null for strangers. */
  viewer: { name: string | null; staff: boolean } | null
  locale: string
  locales: readonly string[]
  theme: (typeof themes)[number]
  /** The path of the page, to come back to it. */
  back?: string
}

/** How this browser wants the pages; for whoever is signed in under their name, with their sessions and the way out. */
export function SiteMenu({ viewer, locale, locales, theme, back }: SiteMenuProps) {
  const t = useTranslations('shell')
  return (
    <details name="site-menu" className="site-menu group relative">
      <summary className="flex min-h-8 max-w-[8rem] items-center gap-1.5 sm:max-w-[16rem] [&::-webkit-details-marker]:hidden">
        {viewer ? null : <Globe size={20} className="shrink-0" />}
        <span className="sr-only">{t('menu')}: </span>
        {viewer ? (
          <bdi translate="no" className="truncate">
            {viewer.name ?? t('account')}
          </bdi>
        ) : (
          <span className="sr-only sm:not-sr-only">{t('preferences')}</span>
        )}
        <ChevronDown size={16} className="shrink-0 text-ink-soft group-open:rotate-180" />
      </summary>
      <div className="card card-small absolute end-0 z-30 mt-1 w-60 space-y-3">
        {locales.length > 1 ? (
          <Choices name="locale" label={t('language')} back={back}>
            {locales.map((one) => (
              <Choice key={one} name="locale" value={one} lang={one} isChosen={one === locale}>
                {nameOf(one)}
              </Choice>
            ))}
          </Choices>
        ) : null}
        <Choices name="theme" label={t('theme')} back={back}>
          {themes.map((one) => (
            <Choice key={one} name="theme" value={one} isChosen={one === theme}>
              {t(`themes.${one}`)}
            </Choice>
          ))}
        </Choices>
        {viewer ? (
          <div className="border-line border-t pt-2">
            <a
              href={viewer.staff ? '/staff/sessions' : '/me#sessions'}
              className="flex min-h-9 items-center px-2 text-ink! no-underline! hover:underline!"
            >
              {t('sessions')}
            </a>
            <form method="post" action="/sign-out">
              <button type="submit" className="flex min-h-9 w-full items-center px-2 text-start hover:underline">
                {t('signOut')}
              </button>
            </form>
          </div>
        ) : null}
      </div>
    </details>
  )
}

/** A language in that language. */
const nameOf = (locale: string) => new Intl.DisplayNames([locale], { type: 'language' }).of(locale) ?? locale

type ChoicesProps = { name: string; label: string; back?: string; children: ReactNode }

/** One setting as a plain form, each choice a button of it. */
function Choices({ name, label, back, children }: ChoicesProps) {
  return (
    <form method="post" action="/preferences" aria-labelledby={`menu-${name}`}>
      {back ? <input type="hidden" name="back" value={back} /> : null}
      <p id={`menu-${name}`} className="note px-2">
        {label}
      </p>
      {children}
    </form>
  )
}

type ChoiceProps = { name: string; value: string; lang?: string; isChosen: boolean; children: string }

function Choice({ name, value, lang, isChosen, children }: ChoiceProps) {
  return (
    <button
      type="submit"
      name={name}
      value={value}
      lang={lang}
      aria-pressed={isChosen}
      className="flex min-h-9 w-full items-center gap-2 rounded-md px-2 text-start before:w-3 hover:bg-sunken aria-pressed:font-semibold aria-pressed:before:content-['✓'/'']"
    >
      {children}
    </button>
  )
}
