import { useTranslations } from 'next-intl'
import { getTranslations } from 'next-intl/server'
import { scopeClosure } from '@/lib/orcid/scopes'
import { describeScopes } from '@/lib/texts/asked'
import { scopeKey } from '@/lib/texts/text'

export type Mark = { scope: string; letter: string; title: string; granted: string; absent: string }

/** The marks of the permissions that are asked for, with all their words: made once for a page of rows. */
export async function describeMarks(scopes: readonly string[]): Promise<Mark[]> {
  const t = await getTranslations('staff.marks')
  const described = await describeScopes(scopes)
  return described.map(({ scope, title }) => ({
    scope,
    title,
    letter: t.has(scopeKey(scope)) ? t(scopeKey(scope)) : t('other'),
    granted: t('granted', { permission: title }),
    absent: t('absent', { permission: title }),
  }))
}

/**
 * One small mark for each permission, always in the same order: a filled one with its letter is permitted, an empty one
 * is not. Whoever does not see them hears whole sentences.
 */
export function PermissionMarks({ marks, live }: { marks: readonly Mark[]; live: readonly string[] }) {
  const closure = scopeClosure(live)
  return (
    <span className="inline-flex gap-1 align-middle">
      {marks.map(({ scope, letter, granted, absent }) =>
        closure.has(scope) ? (
          <span key={scope} role="img" title={granted} className="mark mark-full">
            {letter}
          </span>
        ) : (
          <span key={scope} role="img" title={absent} className="mark" />
        ),
      )}
    </span>
  )
}

/** What the letters mean. */
export function PermissionLegend({ marks }: { marks: readonly Mark[] }) {
  const t = useTranslations('staff.marks')
  return (
    <ul aria-label={t('legend')} className="note flex flex-wrap gap-x-5 gap-y-1.5">
      {marks.map(({ scope, letter, title }) => (
        <li key={scope} className="flex items-center gap-1.5">
          <span aria-hidden="true" className="mark mark-full">
            {letter}
          </span>
          {title}
        </li>
      ))}
    </ul>
  )
}
