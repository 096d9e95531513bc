import { useTranslations } from 'next-intl'

type Props = { contact: string; timeZone: string; privacyUrl?: string; accessibilityUrl?: string }

/** The foot of every page: whom to ask, and the time zone of all times. */
export function SiteFooter({ contact, timeZone, privacyUrl, accessibilityUrl }: Props) {
  const t = useTranslations('shell')
  return (
    <footer className="border-line border-t bg-surface">
      <ul className="shell flex flex-wrap items-center gap-x-5 gap-y-1 py-5 text-sm">
        <FooterLink href={`mailto:${contact}`}>{t('contact')}</FooterLink>
        {privacyUrl ? <FooterLink href={privacyUrl}>{t('privacy')}</FooterLink> : null}
        {accessibilityUrl ? <FooterLink href={accessibilityUrl}>{t('accessibility')}</FooterLink> : null}
        <li className="text-ink-soft">{t('timeZone', { timeZone })}</li>
      </ul>
    </footer>
  )
}

function FooterLink({ href, children }: { href: string; children: string }) {
  return (
    <li>
      <a href={href} className="inline-flex min-h-6 items-center">
        {children}
      </a>
    </li>
  )
}
