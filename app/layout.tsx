import './globals.css'
import type { Metadata } from 'next'
import localFont from 'next/font/local'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import type { CSSProperties, ReactNode } from 'react'
import { ErrorTexts } from '@/app/_components/error-texts'
import { SiteFooter } from '@/app/_components/site-footer'
import { SiteHeader } from '@/app/_components/site-header'
import { SiteKeys } from '@/app/_components/site-keys'
import { findViewer } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'
import { textDirection } from '@/lib/config/languages'
import { getLogoProps, getLogoVersion, hasLinkPreview } from '@/lib/http/logo'
import { speculationRules } from '@/lib/http/prefetch'
import { findTheme } from '@/lib/http/theme'
import { getLanguage } from '@/lib/i18n/request'

// A font that comes too late is left out until the next page: no line moves while somebody reads.
const latin = localFont({
  src: '../node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2',
  variable: '--font-latin',
  weight: '100 900',
  display: 'optional',
  adjustFontFallback: false,
})
const latinExtended = localFont({
  src: '../node_modules/@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2',
  variable: '--font-latin-extended',
  weight: '100 900',
  display: 'optional',
  preload: false,
  adjustFontFallback: false,
  declarations: [{ prop: 'unicode-range', value: 'U+0100-02BA, U+0304, U+0308, U+0329, U+1E00-1E9F, U+1EF2-1EFF' }],
})

export async function generateMetadata(): Promise<Metadata> {
  // Asked for first: it keeps the build, which has no configuration, from rendering anything ahead of time.
  const t = await getTranslations('shell')
  const { name, shortName } = env().institution
  return {
    title: { default: name, template: `%s · ${shortName}` },
    description: t('description', { institution: name }),
    metadataBase: new URL(env().origin),
    icons: `/logo?for=tab&v=${getLogoVersion()}`,
    openGraph: { type: 'website', siteName: name, images: hasLinkPreview() ? '/link-preview' : [] },
  }
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  const [locale, theme, t, tError] = await Promise.all([
    getLanguage(),
    findTheme(),
    getTranslations('shell'),
    getTranslations('error'),
  ])
  const { institution } = env()
  const viewer = await findViewer()
  const given = await headers()
  const path = given.get('x-concord-path') ?? undefined
  const nonce = given.get('Content-Security-Policy')?.match(/'nonce-([^']+)'/)?.[1]
  const accent = { '--accent-light': institution.accent.light, '--accent-dark': institution.accent.dark }
  return (
    <html
      lang={locale}
      dir={textDirection(locale)}
      data-theme={theme ?? undefined}
      className={`${latin.variable} ${latinExtended.variable}`}
      style={accent as CSSProperties}
    >
      <body className="flex min-h-dvh flex-col">
        <a href="#main" className="skip-link">
          {t('skip')}
        </a>
        <SiteHeader
          institution={institution.name}
          shortName={institution.shortName}
          logo={getLogoProps()}
          viewer={viewer && { name: viewer.signedIn.name, staff: viewer.staff !== null }}
          locale={locale}
          locales={institution.languages}
          theme={theme ?? 'system'}
          back={path}
        />
        <ErrorTexts
          texts={{
            title: tError('title'),
            kept: tError('kept'),
            retry: tError('retry'),
            home: tError('home'),
            staff: tError('staff'),
            reference: tError('reference'),
            questions: tError('questions'),
            supportEmail: institution.supportEmail,
          }}
        >
          {children}
        </ErrorTexts>
        <SiteFooter
          contact={institution.supportEmail}
          timeZone={institution.timeZone}
          privacyUrl={institution.privacyUrl}
          accessibilityUrl={institution.accessibilityUrl}
        />
        <SiteKeys />
        <script
          type="speculationrules"
          nonce={nonce}
          // biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of ours, which React would escape.
          dangerouslySetInnerHTML={{ __html: speculationRules }}
          // Browsers hide a nonce from scripts.
          suppressHydrationWarning
        />
      </body>
    </html>
  )
}
