import { Search } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Logo, type LogoProps } from '@/app/_components/logo'
import { SiteMenu, type SiteMenuProps } from '@/app/_components/site-menu'

type Props = SiteMenuProps & { institution: string; shortName: string; logo: Omit<LogoProps, 'theme'> }

/** The head of every page. */
export function SiteHeader({ institution, shortName, logo, ...menu }: Props) {
  const t = useTranslations('shell')
  const { viewer } = menu
  return (
    <header className="border-line border-b bg-surface">
      <div
        className={`shell flex flex-wrap items-center justify-between gap-x-4 gap-y-1 sm:gap-x-6 ${viewer?.staff ? 'py-2 sm:py-3' : 'py-3'}`}
      >
        {/* A long name breaks beside the rest, and only a very narrow page puts them below one another. */}
        <div className="flex min-w-0 flex-1 basis-44">
          <a
            href="/"
            translate="no"
            className="flex min-h-8 items-center gap-2.5 font-semibold text-ink! leading-tight no-underline! hover:underline!"
          >
            <Logo {...logo} theme={menu.theme} />
            {shortName === institution ? (
              institution
            ) : (
              <>
                <span className="sm:hidden">{shortName}</span>
                <span className="max-sm:hidden">{institution}</span>
              </>
            )}
          </a>
        </div>
        {viewer?.staff ? <SiteSearch path={menu.back} /> : null}
        <nav
          aria-label={t('nav')}
          className="no-print flex min-w-0 flex-wrap items-center gap-x-5 gap-y-1 text-[0.9375rem]"
        >
          {viewer ? (
            <>
              <HeaderLink href="/me">{t('me')}</HeaderLink>
              {viewer.staff ? <HeaderLink href="/staff">{t('staff')}</HeaderLink> : null}
            </>
          ) : (
            <HeaderLink href="/sign-in">{t('signIn')}</HeaderLink>
          )}
          <SiteMenu {...menu} />
        </nav>
      </div>
    </header>
  )
}

/** For people, references, pages and actions. */
function SiteSearch({ path = '' }: { path?: string }) {
  const t = useTranslations('shell')
  const asked = path.startsWith('/staff/search?') ? new URLSearchParams(path.split('?')[1]).get('q') : null
  return (
    <search className="no-print min-w-0 flex-1 basis-32 md:w-72 md:flex-none">
      <form method="get" action="/staff/search" className="relative">
        <Search size={16} className="-translate-y-1/2 absolute start-3 top-1/2 text-ink-soft" />
        <input
          id="site-search"
          type="search"
          name="q"
          maxLength={200}
          defaultValue={asked ?? undefined}
          aria-label={t('search')}
          placeholder={t('search')}
          aria-keyshortcuts="Control+K /"
          className="min-h-9 w-full rounded-lg border border-line-strong bg-surface peer ps-9 pe-2 text-sm max-sm:placeholder:text-transparent"
        />
        {/* A telephone has no room for more than the word. */}
        <span
          aria-hidden="true"
          className="-translate-y-1/2 pointer-events-none absolute start-9 top-1/2 text-ink-soft text-sm peer-[:not(:placeholder-shown)]:hidden sm:hidden"
        >
          {t('searchShort')}
        </span>
      </form>
    </search>
  )
}

function HeaderLink({ href, children }: { href: string; children: string }) {
  return (
    <a href={href} className="flex min-h-8 items-center">
      {children}
    </a>
  )
}
