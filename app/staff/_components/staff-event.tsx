import { getTranslations } from 'next-intl/server'
import { findingIn, scopesIn, systemIn } from '@/app/_components/event-detail'
import { describeScopes } from '@/app/staff/_components/staff-scopes'

type Event = { action: string; detail: unknown }

/** What happened, said about somebody else. */
export async function StaffEvent({ event: { action, detail } }: { event: Event }) {
  const t = await getTranslations('staff.events')
  if (!t.has(action)) return t('other', { action })
  const permissions = await describeScopes(scopesIn(detail))
  return t(action, {
    permissions: permissions.map(({ title }) => title).join(', ') || t('nothing'),
    finding: findingIn(detail),
    system: systemIn(detail),
  })
}
