import { getTranslations } from 'next-intl/server'
import { describeScopes } from '@/app/staff/_components/staff-scopes'
import { getSettingWords } from '@/app/staff/settings/_components/setting-words'
import type { AuditRow } from '@/lib/audit/history'

/** What an event says besides: the permissions that it is about, how an attempt ended, what ORCID said, or how much was exported. */
export async function describeDetail(detail: AuditRow['detail']): Promise<string> {
  if (typeof detail !== 'object' || detail === null || Array.isArray(detail)) return ''
  const t = await getTranslations('staff')
  const pieces = await getTranslations('pieces')
  const { setting, before, after, scopes, outcome, method, finding, rows, format, complete } = detail
  if (typeof setting === 'string') {
    const say = (value: unknown) => (typeof value === 'string' ? value : t('settings.changes.notSet'))
    const name = (await getSettingWords())(setting, true)
    return t('settings.changes.line', { name, before: say(before), after: say(after) })
  }
  if (Array.isArray(scopes)) {
    const described = await describeScopes(scopes.filter((scope) => typeof scope === 'string'))
    return described.map(({ title }) => title).join(', ')
  }
  if (typeof outcome === 'string') {
    if (typeof method === 'string') {
      return pieces.has(`calls.outcomes.${outcome}`) ? pieces(`calls.outcomes.${outcome}`) : outcome
    }
    return t.has(`person.outcomes.${outcome}`) ? t(`person.outcomes.${outcome}`) : outcome
  }
  if (typeof finding === 'string') {
    return t.has(`checks.findings.${finding}`) ? t(`checks.findings.${finding}`) : finding
  }
  if (typeof rows !== 'number') return ''
  return t(complete === true ? 'audit.exported' : 'audit.exportedPart', { rows, format: String(format).toUpperCase() })
}
