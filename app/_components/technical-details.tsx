import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'

/** The names that ORCID and programs use, folded away. */
export function TechnicalDetails({ children }: { children: ReactNode }) {
  const t = useTranslations('pieces')
  return (
    <details className="note min-w-0">
      <summary className="inline-flex min-h-6 items-center text-accent">{t('technicalDetails')}</summary>
      {children}
    </details>
  )
}

/** Permissions in words, each with ORCID's own name for it. */
export function ScopeDetails({ permissions }: { permissions: readonly { scope: string; title: string }[] }) {
  return (
    <TechnicalDetails>
      <ul>
        {permissions.map(({ scope, title }) => (
          <li key={scope}>
            {title}: <code className="whitespace-nowrap">{scope}</code>
          </li>
        ))}
      </ul>
    </TechnicalDetails>
  )
}
