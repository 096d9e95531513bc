import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Answer } from '@/app/_components/answer'
import { Fold } from '@/app/_components/fold'
import { Notice } from '@/app/_components/notice'
import { When } from '@/app/_components/when'
import { FailedJobs } from '@/app/staff/jobs/_components/failed-jobs'
import { getJobNames } from '@/app/staff/jobs/_components/job-name'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { getWorkerState } from '@/lib/installation/queries'
import { listFailedJobs, listTimetable, listWaitingJobs, type TimetableRow, type WaitingJobs } from '@/lib/jobs/queries'
import { jobs } from '@/lib/process/jobs'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.jobs'))('title'), robots: { index: false } }
}

type Props = { searchParams: Promise<{ note?: unknown }> }

/** What runs in the background: what failed, what waits, and when each job comes next. */
export default availablePage(async function JobsPage({ searchParams }: Props) {
  await requireStaff('seeJobs')
  const t = await getTranslations('staff.jobs')
  const { note } = await searchParams
  const [failed, waiting, timetable, worker] = await Promise.all([
    listFailedJobs(),
    listWaitingJobs(),
    listTimetable(jobs.timetable),
    getWorkerState(),
  ])
  const due = waiting.reduce((sum, each) => sum + each.due, 0)
  return (
    <div className="space-y-8">
      <div className="space-y-2">
        <h1>{t('title')}</h1>
        <Answer tone={worker.isRunning && failed.count === 0 ? 'good' : 'needs'}>
          {worker.isRunning
            ? t('answer', { failed: failed.count, due })
            : t(worker.seenAt ? 'notRunning' : 'neverSeen')}
        </Answer>
        <p className="max-w-[65ch] text-ink-soft">
          {worker.seenAt ? (
            <>
              {t('seen')} <When at={worker.seenAt} />.
            </>
          ) : null}
        </p>
      </div>
      {note === 'again' ? <Notice tone="good">{t('again')}</Notice> : null}
      {note === 'gone' ? <Notice>{t('gone')}</Notice> : null}
      <FailedJobs {...failed} />
      <Waiting waiting={waiting} />
      <Timetable timetable={timetable} />
    </div>
  )
})

async function Waiting({ waiting }: { waiting: WaitingJobs[] }) {
  const t = await getTranslations('staff.jobs')
  const nameOf = await getJobNames()
  return (
    <section aria-labelledby="waiting" className="space-y-3">
      <h2 id="waiting">{t('waiting.title')}</h2>
      {waiting.length === 0 ? (
        <p className="text-ink-soft">{t('waiting.none')}</p>
      ) : (
        <ul className="space-y-2">
          {waiting.map(({ name, running, due, later, dueSince }) => (
            <li key={name}>
              {t('waiting.line', { what: nameOf(name), running, due, later })}{' '}
              {dueSince ? (
                <span className="text-ink-soft">
                  {t('waiting.since')} <When at={dueSince} />.
                </span>
              ) : null}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

async function Timetable({ timetable }: { timetable: TimetableRow[] }) {
  const t = await getTranslations('staff.jobs.timetable')
  const nameOf = await getJobNames()
  const often = (minutes: number) =>
    minutes < 60 ? t('minutes', { count: minutes }) : t('hours', { count: Math.round(minutes / 60) })
  return (
    <Fold id="timetable" title={t('title')}>
      <ul className="divide-y divide-line">
        {timetable.map(({ name, everyMinutes, nextAt, lastAt }) => (
          <li key={name} className="py-2">
            <p>{nameOf(name)}</p>
            <p className="note">
              {often(everyMinutes)} · {t('last')} {lastAt ? <When at={lastAt} show="time" /> : t('notYet')} ·{' '}
              {t('next')} <When at={nextAt} show="time" />
            </p>
          </li>
        ))}
      </ul>
    </Fold>
  )
}
