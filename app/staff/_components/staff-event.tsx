import { getTranslations } from 'next-intl/server'
import { describeScopes } from '@/lib/http/asking'

type Event = { action: string; detail: unknown }

/** What happened, said about somebody else. */
export async function StaffEvent({ event: { action, detail } }: { event: Event }) {
  const t = await getTranslations('staff.events')
  if (!t.has(action)) return t('other', { action })
  const permissions = await describeScopes(scopesIn(detail))
  return t(action, {
    permissions: permissions.map(({ title }) => title).join(', ') || t('nothing'),
    finding: findingIn(detail),
  })
}

function findingIn(detail: unknown): string {
  return typeof detail === 'object' && detail !== null && 'finding' in detail ? String(detail.finding) : ''
}

function scopesIn(detail: unknown): string[] {
  if (typeof detail !== 'object' || detail === null || !('scopes' in detail)) return []
  const { scopes } = detail
  return Array.isArray(scopes) ? scopes.filter((scope) => typeof scope === 'string') : []
}
