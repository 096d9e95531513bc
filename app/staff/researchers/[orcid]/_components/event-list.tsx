import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { EmptyState } from '@/app/_components/empty-state'
import { EventLine } from '@/app/_components/event-line'
import { StaffEvent } from '@/app/staff/_components/staff-event'
import type { listEventsAbout } from '@/lib/audit/queries'

type Events = Awaited<ReturnType<typeof listEventsAbout>>['rows']

/** What was done with somebody's permissions and by whom, newest first. */
export async function EventList({ events, children }: { events: Events; children: ReactNode }) {
  const t = await getTranslations('staff.person')
  return (
    <section id="events" aria-labelledby="events-title" className="space-y-3">
      <h2 id="events-title">{t('events')}</h2>
      {events.length === 0 ? <EmptyState>{t('noEvents')}</EmptyState> : null}
      <ol className="ms-1.5 border-line border-s">
        {events.map((event) => (
          <EventLine key={String(event.id)} at={event.at}>
            <StaffEvent event={event} />
          </EventLine>
        ))}
      </ol>
      {children}
    </section>
  )
}
