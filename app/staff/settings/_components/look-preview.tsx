import { getTranslations } from 'next-intl/server'
import type { CSSProperties } from 'react'
import { Ask } from '@/app/_components/ask'
import { Logo } from '@/app/_components/logo'
import { contrastOn, readableAccents } from '@/lib/config/accent'
import { textDirection } from '@/lib/config/languages'
import { getLogoProps } from '@/lib/http/logo'
import type { AskText } from '@/lib/texts/text'

type Theme = 'light' | 'dark'
type Props = {
  name: string
  shortName: string
  /** `#rrggbb`, and the same for dark pages. */
  accent: { light: string; dark: string }
  locale: string
  content: AskText
  /** What is said after connecting. */
  next: string
}

/** How the front page looks with what is typed: on light, and folded away on dark. */
export async function LookPreview({ name, shortName, accent, locale, content, next }: Props) {
  const t = await getTranslations('staff.settings.preview')
  const front = await getTranslations({ locale, namespace: 'front' })
  const style = { '--accent-light': accent.light, '--accent-dark': accent.dark } as CSSProperties
  const say = (theme: Theme) =>
    `${t(theme)} ${t('accent', { color: accent[theme], ratio: contrastOn(theme, accent[theme]).toFixed(1) })}`
  const toLook = (theme: Theme) => (
    <div className={`look-${theme} space-y-4 rounded-[10px] border border-line bg-ground p-4 text-ink`} style={style}>
      <p translate="no" className="flex items-center gap-2.5 font-semibold leading-tight">
        <Logo {...getLogoProps()} theme={theme} />
        {shortName === name ? (
          name
        ) : (
          <>
            <span className="sm:hidden">{shortName}</span>
            <span className="max-sm:hidden">{name}</span>
          </>
        )}
      </p>
      <div lang={locale} dir={textDirection(locale)} className="space-y-4 [overflow-wrap:anywhere]">
        <Ask content={content} isBelow moreAboutOrcid={front('moreAboutOrcid')} />
        <p>
          <span className="btn btn-primary">{front('button')}</span>
        </p>
      </div>
    </div>
  )
  return (
    <section id="preview" aria-labelledby="preview-title" className="min-w-0 scroll-mt-16 space-y-4 xl:sticky xl:top-6">
      <h2 id="preview-title">{t('title')}</h2>
      <div className="space-y-1">
        <p className="note">{say('light')}</p>
        {toLook('light')}
      </div>
      <details className="space-y-1">
        <summary className="note min-h-6">{say('dark')}</summary>
        {toLook('dark')}
      </details>
      <div lang={locale} dir={textDirection(locale)} className="space-y-2 [overflow-wrap:anywhere]">
        <p className="note">{t('recipients', { recipients: content.recipients.join(' · ') })}</p>
        <p className="note">{t('next', { next })}</p>
      </div>
    </section>
  )
}

/** The accent of a form as pages use it: theirs where it cannot be read. */
export const toAccents = (typed: string, present: { light: string; dark: string }) => readableAccents(typed) ?? present
