import { getTranslations } from 'next-intl/server'
import { When } from '@/app/_components/when'
import { getJobNames } from '@/app/staff/jobs/_components/job-name'
import type { FailedJob } from '@/lib/jobs/queries'

/** Each with its number, by which the log has why. */
export async function FailedJobs({ jobs, count }: { jobs: FailedJob[]; count: number }) {
  const t = await getTranslations('staff.jobs.failed')
  const nameOf = await getJobNames()
  return (
    <section aria-labelledby="failed" className="space-y-3">
      <h2 id="failed">{t('title')}</h2>
      {jobs.length === 0 ? <p className="text-ink-soft">{t('none')}</p> : <p className="note">{t('log')}</p>}
      <ul className="space-y-3">
        {jobs.map(({ id, name, tries, triedAt, nextAt }) => (
          <li key={id} className="card flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
            <div className="min-w-0">
              <p className="font-medium">{nameOf(name)}</p>
              <p className="text-ink-soft text-sm">
                {t('tries', { count: tries })} <When at={triedAt} />.{' '}
                {nextAt ? (
                  <>
                    {t('next')} <When at={nextAt} />.
                  </>
                ) : (
                  t('givenUp')
                )}{' '}
                {t('number', { id })}
              </p>
            </div>
            <form method="post" action="/staff/jobs/again">
              <input type="hidden" name="job" value={id} />
              <button type="submit" className="btn btn-quiet">
                {t('again')}
                <span className="sr-only"> {nameOf(name)}</span>
              </button>
            </form>
          </li>
        ))}
      </ul>
      {count > jobs.length ? <p className="note">{t('more', { count: count - jobs.length })}</p> : null}
    </section>
  )
}
