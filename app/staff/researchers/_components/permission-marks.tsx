import { useTranslations } from 'next-intl'
import { getTranslations } from 'next-intl/server'
import { describeScopes } from '@/app/staff/_components/staff-scopes'
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

/** What the letters mean. */
export function PermissionLegend({ marks }: { marks: readonly Mark[] }) {
  const t = useTranslations('staff.marks')
  return (
    <ul aria-label={t('legend')} className="note flex flex-wrap gap-x-5 gap-y-1.5">
      {marks.map(({ scope, letter, title }) => (
        <li key={scope} className="flex items-center gap-1.5">
          <span aria-hidden="true" className="mark">
            {letter}
          </span>
          {title}
        </li>
      ))}
    </ul>
  )
}
