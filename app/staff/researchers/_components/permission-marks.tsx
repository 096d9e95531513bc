import { getTranslations } from 'next-intl/server'
import { describeScopes } from '@/lib/http/asking'
import { scopeClosure } from '@/lib/orcid/scopes'
import { scopeKey } from '@/lib/texts/text'

type Props = { asked: readonly string[]; live: readonly string[] }

/**
 * One small mark for each permission that is asked for, always in the same order: a filled one with its letter is
 * permitted, an empty one is not. Whoever does not see them hears whole sentences.
 */
export async function PermissionMarks({ asked, live }: Props) {
  const t = await getTranslations('staff.marks')
  const granted = scopeClosure(live)
  const described = await describeScopes(asked)
  return (
    <ul className="flex gap-1">
      {described.map(({ scope, title }) => {
        const words = t(granted.has(scope) ? 'granted' : 'absent', { permission: title })
        return (
          <li key={scope} title={words}>
            <Mark scope={scope} granted={granted.has(scope)} />
            <span className="sr-only">{words}</span>
          </li>
        )
      })}
    </ul>
  )
}

/** What the letters mean. */
export async function PermissionLegend({ asked }: { asked: readonly string[] }) {
  const t = await getTranslations('staff.marks')
  const described = await describeScopes(asked)
  return (
    <ul aria-label={t('legend')} className="note flex flex-wrap gap-x-5 gap-y-1.5">
      {described.map(({ scope, title }) => (
        <li key={scope} className="flex items-center gap-1.5">
          <Mark scope={scope} granted />
          {title}
        </li>
      ))}
    </ul>
  )
}

async function Mark({ scope, granted }: { scope: string; granted: boolean }) {
  const t = await getTranslations('staff.marks')
  const key = scopeKey(scope)
  return (
    <span
      aria-hidden="true"
      className={`flex size-5.5 items-center justify-center rounded-md border font-semibold text-[0.6875rem] ${
        granted ? 'border-line-strong bg-sunken text-ink' : 'border-line-strong border-dashed text-transparent'
      }`}
    >
      {granted ? (t.has(key) ? t(key) : t('other')) : ''}
    </span>
  )
}
