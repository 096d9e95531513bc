import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'

/** Folds away what is older, behind its number; nothing where there is none. */
export async function EarlierEntries({ count, children }: { count: number; children: ReactNode }) {
  const t = await getTranslations('me')
  if (count === 0) return null
  return (
    <details>
      <summary className="inline-flex min-h-6 items-center text-accent">{t('earlier', { count })}</summary>
      <div className="mt-3">{children}</div>
    </details>
  )
}
