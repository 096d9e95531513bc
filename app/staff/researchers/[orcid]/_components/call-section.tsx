import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { CallList } from '@/app/_components/call-list'
import { EmptyState } from '@/app/_components/empty-state'
import type { ShownCall } from '@/lib/calls/queries'

type Props = { calls: ShownCall[]; children: ReactNode }

/** What the portal asked of ORCID about somebody, newest first. */
export async function CallSection({ calls, children }: Props) {
  const t = await getTranslations('staff.person')
  return (
    <section id="calls" aria-labelledby="calls-title" className="space-y-3">
      <div>
        <h2 id="calls-title">{t('calls')}</h2>
        <p className="note">{t('callsHint')}</p>
      </div>
      {calls.length === 0 ? <EmptyState>{t('noCalls')}</EmptyState> : <CallList calls={calls} view="staff" />}
      {children}
    </section>
  )
}
