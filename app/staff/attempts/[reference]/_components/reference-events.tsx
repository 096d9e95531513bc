import { getTranslations } from 'next-intl/server'
import { AuditTable } from '@/app/staff/_components/audit-table'
import type { StaffActor } from '@/lib/actor'
import type { AuditRow } from '@/lib/audit/history'

/** The events that belong to a reference, oldest first. */
export async function ReferenceEvents({ actor, events }: { actor: StaffActor; events: AuditRow[] }) {
  const t = await getTranslations('staff.attempt')
  return (
    <section aria-labelledby="events" className="space-y-3">
      <h2 id="events">{t('events')}</h2>
      {events.length === 0 ? (
        <p className="text-ink-soft">{t('noEvents')}</p>
      ) : (
        <AuditTable actor={actor} rows={events} />
      )}
    </section>
  )
}
