import { getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { When } from '@/app/_components/when'
import { PersonLink } from '@/app/staff/_components/person-link'
import { StaffEvent } from '@/app/staff/_components/staff-event'
import type { listLatestEvents } from '@/lib/audit/queries'

/** The newest things that happened to permissions, with whose they are. */
export async function LatestEvents({ events }: { events: Awaited<ReturnType<typeof listLatestEvents>> }) {
  const t = await getTranslations('staff.overview')
  return (
    <section aria-labelledby="latest" className="space-y-3">
      <h2 id="latest">{t('latest')}</h2>
      {events.length === 0 ? (
        <EmptyState>{t('latestEmpty')}</EmptyState>
      ) : (
        <ol className="card card-list [overflow-wrap:anywhere]">
          {events.map((event) => (
            <li key={String(event.id)} className="py-2.5 text-sm">
              <div className="flex flex-wrap justify-between gap-x-4">
                {event.researcher ? <PersonLink {...event.researcher} /> : null}
                <span className="note whitespace-nowrap">
                  <When at={event.at} />
                </span>
              </div>
              <StaffEvent event={event} />
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
