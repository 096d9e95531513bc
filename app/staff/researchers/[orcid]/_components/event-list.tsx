import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { EmptyState } from '@/app/_components/empty-state'
import { When } from '@/app/_components/when'
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
          <li key={String(event.id)} className="relative py-1.5 ps-5">
            <span
              aria-hidden="true"
              className="absolute -inset-s-[4.5px] top-[0.9rem] size-2 rounded-full bg-line-strong"
            />
            <span className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-4">
              <span>
                <StaffEvent event={event} />
              </span>
              <span className="note whitespace-nowrap">
                <When at={event.at} />
              </span>
            </span>
          </li>
        ))}
      </ol>
      {children}
    </section>
  )
}
