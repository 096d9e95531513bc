import { useTranslations } from 'next-intl'

/** `found` is how many rows there are without the filter, null for none. */
export type Way = { href: string; words: string; found: string | null }

/** The filters one could leave out, each with how many rows that would show. */
export function Looser({ ways }: { ways: readonly Way[] }) {
  const t = useTranslations('staff.list')
  return ways.map(({ href, words, found }) =>
    found ? (
      <span key={href} className="mt-2 block">
        <a href={href} className="inline-flex min-h-6 items-center">
          {t('without', { filter: words })}
        </a>{' '}
        ({found})
      </span>
    ) : null,
  )
}
