import { getFormatter, getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { findingIn, scopesIn, systemIn } from '@/app/_components/event-detail'
import { When } from '@/app/_components/when'
import { EarlierEntries } from '@/app/me/_components/earlier-entries'
import { groupByVisit } from '@/app/me/_components/visits'
import type { Request } from '@/lib/attempts/queries'
import { describeScopes, getOffice, listAskable } from '@/lib/texts/asked'

/** What happened to somebody, from the history or from what was exported. */
export type TimelineEvent = { key: string; at: Date; action: string; detail: unknown; request: Request | null }

const shownAtOnce = 5

/** What was done with somebody's permissions and by whom, newest first, together what happened together. */
export async function Timeline({ events }: { events: TimelineEvent[] }) {
  const t = await getTranslations('me')
  // That a visit to ORCID ended is told better by what it brought.
  const told = events.filter(({ action }) => action !== 'attempt.ended')
  const visits = groupByVisit(told)
  const earlier = visits.slice(shownAtOnce)
  return (
    <section aria-labelledby="timeline" className="space-y-3">
      <h2 id="timeline">{t('timeline')}</h2>
      {told.length === 0 ? (
        <EmptyState>{t('timelineEmpty')}</EmptyState>
      ) : (
        <Visits visits={visits.slice(0, shownAtOnce)} />
      )}
      <EarlierEntries count={earlier.flat().length}>
        <Visits visits={earlier} />
      </EarlierEntries>
    </section>
  )
}

function Visits({ visits }: { visits: TimelineEvent[][] }) {
  return (
    <ol className="ms-1.5 border-line border-s">
      {visits.map((events) => (
        <Visit key={events[0]?.key} events={events} />
      ))}
    </ol>
  )
}

/** One visit: its day, and what happened in it, newest first. The same twice in a row, and each minute, is said once. */
async function Visit({ events }: { events: TimelineEvent[] }) {
  const t = await getTranslations('me')
  const format = await getFormatter()
  const minuteOf = (at?: Date) => at && format.dateTime(at, { dateStyle: 'short', timeStyle: 'short' })
  const sentences = await Promise.all(events.map(sayEvent))
  const lines: { key: string; at: Date; sentence: string; times: number }[] = []
  for (const [index, { key, at }] of events.entries()) {
    const sentence = sentences[index] ?? ''
    const before = lines.at(-1)
    if (before?.sentence === sentence) before.times += 1
    else lines.push({ key, at, sentence, times: 1 })
  }
  return (
    <li className="relative ps-5 pb-4">
      <span aria-hidden="true" className="absolute -inset-s-[4.5px] top-[0.5rem] size-2 rounded-full bg-line-strong" />
      <p className="note">{events[0] ? <When at={events[0].at} show="date" /> : null}</p>
      <ul className="space-y-0.5">
        {lines.map(({ key, at, sentence, times }, index) => (
          <li key={key} className="grid grid-cols-[3.25rem_minmax(0,1fr)] gap-x-2">
            <span className="note tabular-nums leading-6">
              {minuteOf(at) === minuteOf(lines[index - 1]?.at) ? null : <When at={at} show="clock" />}
            </span>
            <span>
              {sentence} {times > 1 ? <span className="note">{t('times', { count: times })}</span> : null}
            </span>
          </li>
        ))}
      </ul>
    </li>
  )
}

/** An event in words. Later versions write down what this one does not know, and it is shown all the same. */
async function sayEvent({ action, detail, request }: TimelineEvent): Promise<string> {
  const t = await getTranslations('events')
  const asked = await getTranslations('me.asked')
  if (!t.has(action)) return t('other')
  const scopes = scopesIn(detail)
  const [office, system] = [await getOffice(), systemIn(detail)]
  const words = {
    permissions: await namePermissions(scopes),
    office,
    finding: findingIn(detail),
    system,
    by: system || office,
  }
  if (action === 'grant.saved' && request) {
    return request.campaign ? asked('campaign', { ...words, campaign: request.campaign }) : asked('person', words)
  }
  if (action === 'invitation.made' && scopes.length > 0) return asked('missing', words)
  return t(action, words)
}

async function namePermissions(scopes: readonly string[]): Promise<string> {
  const askable = await listAskable()
  const isAll = scopes.length === askable.length && askable.every((scope) => scopes.includes(scope))
  if (isAll && askable.length > 2) return (await getTranslations('me'))('allPermissions', { count: askable.length })
  const titles = (await describeScopes(scopes)).map(({ title }) => title)
  return titles.join(' · ') || (await getTranslations('events'))('nothing')
}
