import { getFormatter, getTranslations } from 'next-intl/server'
import { Bar } from '@/app/_components/bar'
import { When } from '@/app/_components/when'
import { listHref } from '@/app/staff/_components/list-href'
import type { SweepState } from '@/lib/checks/queries'
import type { getOverview } from '@/lib/researchers/queries'

type Findings = Awaited<ReturnType<typeof getOverview>>['findings']

/** How far the checks at ORCID are, and how people stand there: each number leads to them. */
export async function SweepProgress({ sweep, findings }: { sweep: SweepState; findings: Findings }) {
  const t = await getTranslations('staff.sweep')
  const { live, checked, due, oldestAt, latestAt, everyDays } = sweep
  return (
    <section aria-labelledby="sweep" className="space-y-3">
      <div>
        <h2 id="sweep">{t('title')}</h2>
        <p className="note">{t('lead', { days: everyDays })}</p>
      </div>
      {live === 0 ? (
        <p className="text-ink-soft">{t('nothing')}</p>
      ) : (
        <div className="card space-y-2">
          <p>{t('progress', { checked, live, days: everyDays })}</p>
          <Bar share={checked / live} />
          <ul className="note flex flex-wrap gap-x-6 gap-y-1">
            <li>{t('due', { count: due })}</li>
            {oldestAt && latestAt ? (
              <li>{t.rich('oldest', { when: () => <When key="oldest" at={oldestAt} /> })}</li>
            ) : null}
            <li>
              {latestAt ? t.rich('latest', { when: () => <When key="latest" at={latestAt} /> }) : t('noAnswerYet')}
            </li>
          </ul>
        </div>
      )}
      <FindingList findings={findings} />
    </section>
  )
}

async function FindingList({ findings }: { findings: Findings }) {
  const t = await getTranslations('staff')
  const format = await getFormatter()
  return (
    <ul aria-label={t('sweep.findings')} className="card grid gap-x-8 px-4! py-2! sm:grid-cols-2 xl:grid-cols-3">
      {findings.map(({ finding, filters, count }) => (
        <li key={finding}>
          <a href={listHref(filters)} className="flex min-h-9 items-center justify-between gap-4 text-ink!">
            <span>{t(`findings.${finding}`)}</span>
            <span className="font-semibold tabular-nums">{format.number(count)}</span>
          </a>
        </li>
      ))}
    </ul>
  )
}
