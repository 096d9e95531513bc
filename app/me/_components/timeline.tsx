import { getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { findingIn, scopesIn, systemIn } from '@/app/_components/event-detail'
import { EventLine } from '@/app/_components/event-line'
import { EarlierEntries } from '@/app/me/_components/earlier-entries'
import { describeScopes, getOffice } from '@/lib/texts/asked'

/** What happened to somebody, from the history or from what was exported. */
export type TimelineEvent = { key: string; at: Date; action: string; detail: unknown }

const shownAtOnce = 12

/** What was done with somebody's permissions and by whom, newest first. */
export async function Timeline({ events }: { events: TimelineEvent[] }) {
  const t = await getTranslations('me')
  // That a visit to ORCID ended is told better by what it brought.
  const told = events.filter(({ action }) => action !== 'attempt.ended')
  const earlier = told.slice(shownAtOnce)
  return (
    <section aria-labelledby="timeline" className="space-y-3">
      <h2 id="timeline">{t('timeline')}</h2>
      {told.length === 0 ? (
        <EmptyState>{t('timelineEmpty')}</EmptyState>
      ) : (
        <EventList events={told.slice(0, shownAtOnce)} />
      )}
      <EarlierEntries count={earlier.length}>
        <EventList events={earlier} />
      </EarlierEntries>
    </section>
  )
}

async function EventList({ events }: { events: TimelineEvent[] }) {
  const sentences = await Promise.all(events.map(sayEvent))
  return (
    <ol className="ms-1.5 border-line border-s">
      {events.map((event, index) => (
        <EventLine key={event.key} at={event.at}>
          {sentences[index]}
        </EventLine>
      ))}
    </ol>
  )
}

/** An event in words. Later versions write down what this one does not know, and it is shown all the same. */
async function sayEvent({ action, detail }: TimelineEvent): Promise<string> {
  const t = await getTranslations('events')
  if (!t.has(action)) return t('other')
  const permissions = await describeScopes(scopesIn(detail))
  return t(action, {
    permissions: permissions.map(({ title }) => title).join(' · ') || t('nothing'),
    office: await getOffice(),
    finding: findingIn(detail),
    system: systemIn(detail),
  })
}
