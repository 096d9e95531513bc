import { useTranslations } from 'next-intl'

type Props = {
  institution: string
  /** Who looks; null for strangers. */
  viewer: { name: string | null; staff: boolean } | null
}

/** The head of every page. */
export function SiteHeader({ institution, viewer }: Props) {
  const t = useTranslations('shell')
  return (
    <header className="border-line border-b bg-surface">
      <div className="shell flex flex-wrap items-center justify-between gap-x-6 gap-y-1 py-3">
        <a
          href="/"
          translate="no"
          className="flex min-h-8 items-center font-semibold text-ink! no-underline! hover:underline!"
        >
          {institution}
        </a>
        <nav
          aria-label={t('nav')}
          className="no-print flex min-w-0 flex-wrap items-center gap-x-5 gap-y-1 text-[0.9375rem]"
        >
          {viewer ? (
            <>
              <HeaderLink href="/me">{t('me')}</HeaderLink>
              {viewer.staff ? <HeaderLink href="/staff">{t('staff')}</HeaderLink> : null}
              {viewer.name ? (
                <bdi
                  translate="no"
                  className="max-w-[7rem] truncate sm:max-w-[16rem] text-ink-soft"
                  title={viewer.name}
                >
                  {viewer.name}
                </bdi>
              ) : null}
              <form method="post" action="/sign-out">
                <button type="submit" className="link-button min-h-8">
                  {t('signOut')}
                </button>
              </form>
            </>
          ) : (
            <HeaderLink href="/sign-in">{t('signIn')}</HeaderLink>
          )}
        </nav>
      </div>
    </header>
  )
}

function HeaderLink({ href, children }: { href: string; children: string }) {
  return (
    <a href={href} className="inline-flex min-h-8 items-center">
      {children}
    </a>
  )
}
