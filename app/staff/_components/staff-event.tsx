import { getTranslations } from 'next-intl/server'
import type { listEventsAbout } from '@/lib/audit/queries'
import { describeScopes } from '@/lib/http/asking'

type Event = Pick<Awaited<ReturnType<typeof listEventsAbout>>[number], 'action' | 'detail'>

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

function findingIn(detail: Event['detail']): string {
  if (typeof detail !== 'object' || detail === null || Array.isArray(detail)) return ''
  return String(detail.finding ?? '')
}

function scopesIn(detail: Event['detail']): string[] {
  if (typeof detail !== 'object' || detail === null || Array.isArray(detail)) return []
  const { scopes } = detail
  return Array.isArray(scopes) ? scopes.filter((scope) => typeof scope === 'string') : []
}
