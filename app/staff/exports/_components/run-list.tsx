import { getFormatter, getTranslations } from 'next-intl/server'
import { Bar } from '@/app/_components/bar'
import { EmptyState } from '@/app/_components/empty-state'
import { State } from '@/app/_components/state'
import type { StateName } from '@/app/_components/state-shape'
import { When } from '@/app/_components/when'
import { describeFilters } from '@/app/staff/_components/filter-words'
import { describeAffiliationFilters } from '@/app/staff/affiliations/_components/affiliation-filter-words'
import { describeInvitedFilters } from '@/app/staff/campaigns/_components/invited-filter-words'
import { describePeopleFilters } from '@/app/staff/people/_components/people-filter-words'
import { parseAffiliationFilters } from '@/lib/affiliations/schema'
import { parseInvitedFilters } from '@/lib/campaigns/invited'
import { findCampaign } from '@/lib/campaigns/queries'
import type { Run } from '@/lib/exports/queries'
import { parsePeopleFilters } from '@/lib/people/schema'
import { parseListFilters } from '@/lib/researchers/schema'

const everyS = 3
const shapes = { running: 'waiting', done: 'connected', cancelled: 'withdrawn', failed: 'wrong_record' } as const

type Props = { runs: Run[]; isWatched: boolean; params: URLSearchParams }

/** The files that are being written, with how far they are, and those before. It looks again by itself when asked to. */
export async function RunList({ runs, isWatched, params }: Props) {
  const t = await getTranslations('staff.exports')
  const isRunning = runs.some(({ state }) => state === 'running')
  const here = (query: string) => `/staff/exports?${[params.toString(), query].filter(Boolean).join('&')}#runs`
  return (
    <section id="runs" aria-labelledby="runs-title" className="space-y-3">
      {isWatched && isRunning ? <meta httpEquiv="refresh" content={String(everyS)} /> : null}
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <h2 id="runs-title">{t('runs')}</h2>
        <p className="no-print text-sm">
          {isWatched && isRunning ? t('watching', { seconds: everyS }) : null}{' '}
          <a href={here(isWatched && isRunning ? '' : 'watch')} className="inline-flex min-h-6 items-center">
            {t(isWatched && isRunning ? 'stopWatching' : 'watch')}
          </a>
        </p>
      </div>
      {runs.length === 0 ? (
        <EmptyState>{t('noRuns')}</EmptyState>
      ) : (
        <ul className="card card-list">
          {runs.map((run) => (
            <RunRow key={run.id} run={run} />
          ))}
        </ul>
      )}
    </section>
  )
}

const kinds: Record<string, 'audit' | 'people' | 'affiliations' | 'works' | 'links' | 'system'> = {
  'audit.exported': 'audit',
  'people.exported': 'people',
  'affiliations.exported': 'affiliations',
  'campaign.links_exported': 'links',
  'system.file_made': 'system',
}
const whatOf = ({ action, filter }: Run) =>
  action === 'affiliations.exported' && isOfWorks(filter) ? 'works' : (kinds[action] ?? 'list')
const isOfWorks = (filter: string) => new URLSearchParams(filter).get('kind') === 'work'

async function RunRow({ run }: { run: Run }) {
  const t = await getTranslations('staff.exports')
  const { id, format, state, startedAt, startedBy, isStopping } = run
  const shape: StateName = shapes[state]
  return (
    <li className="grid items-start gap-x-6 gap-y-2 py-3 md:grid-cols-[9rem_minmax(0,1.4fr)_minmax(0,1fr)_6rem]">
      <State state={shape}>{t(isStopping ? 'states.stopping' : `states.${state}`)}</State>
      <div className="min-w-0">
        <p className="font-medium">{t(`what.${whatOf(run)}`, { format: t(`formats.${format}.name`) })}</p>
        <p className="note [overflow-wrap:anywhere]">{await describeRun(run)}</p>
      </div>
      <div className="text-sm">
        <p>
          {startedBy ? <StartedBy {...startedBy} /> : t('unattended')}
          {' · '}
          <span className="text-ink-soft">
            <When at={startedAt} />
          </span>
        </p>
        <Progress run={run} />
      </div>
      {state === 'running' && !isStopping ? (
        <form method="post" action="/staff/exports/cancel" className="no-print md:justify-self-end">
          <input type="hidden" name="run" value={id} />
          <button type="submit" className="btn btn-quiet text-sm">
            {t('cancel')}
          </button>
        </form>
      ) : null}
    </li>
  )
}

async function StartedBy({ orcid, name }: NonNullable<Run['startedBy']>) {
  const known = name ?? orcid
  return known ? <bdi translate="no">{known}</bdi> : (await getTranslations('staff.audit'))('erased')
}

/** What a file was narrowed to. What was searched for is kept nowhere. */
async function describeRun({ action, filter, searched }: Run): Promise<string> {
  const t = await getTranslations('staff.exports')
  if (action === 'campaign.links_exported' || action === 'system.file_made') return ''
  if (action === 'audit.exported') return searched ? t('searched') : ''
  const params = new URLSearchParams(filter)
  const campaign = params.get('campaign')
  const described = campaign
    ? await describeInvited(campaign, params)
    : action === 'people.exported'
      ? await describePeopleFilters(parsePeopleFilters(params))
      : action === 'affiliations.exported'
        ? await describeAffiliationFilters(parseAffiliationFilters(params))
        : await describeFilters(parseListFilters(params).filters)
  const words = described.flatMap((one) => one.words ?? [])
  if (searched) words.push(t('searched'))
  return words.length > 0 ? words.join(' · ') : t('everybody')
}

async function describeInvited(campaignId: string, params: URLSearchParams) {
  const campaign = await findCampaign(campaignId)
  return [
    { words: campaign?.name ?? null },
    ...(await describeInvitedFilters(campaign ?? { kind: 'ask' }, parseInvitedFilters(params))),
  ]
}

async function Progress({ run: { state, rows, rowsExpected } }: { run: Run }) {
  const t = await getTranslations('staff.exports')
  const format = await getFormatter()
  if (state !== 'running' || rowsExpected === null) return <p className="note tabular-nums">{t('rows', { rows })}</p>
  const share = rowsExpected > 0 ? Math.min(1, rows / rowsExpected) : 0
  return (
    <>
      <p className="note tabular-nums">
        {t('progress', { rows, expected: rowsExpected, share: format.number(share, { style: 'percent' }) })}
      </p>
      <Bar share={share} />
    </>
  )
}
