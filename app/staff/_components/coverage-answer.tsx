import { getFormatter, getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { Bar } from '@/app/staff/_components/charts/bar'
import { Sparkline } from '@/app/staff/_components/charts/sparkline'
import { getShareWords } from '@/app/staff/_components/share-words'
import type { StaffActor } from '@/lib/actor'
import { connectedFilter, ourPeople } from '@/lib/people/coverage'
import type { CoverageTrend } from '@/lib/people/coverage-trend'
import type { PersonKind } from '@/lib/people/person'
import { noPeopleFilters, peopleHref } from '@/lib/people/schema'
import { addShares, type Share } from '@/lib/people/units'
import { may } from '@/lib/staff/abilities'

export type Coverage = {
  /** Of everybody on the roster. */
  all: Share
  kinds: (Share & { kind: PersonKind })[]
  /** Connected, and on no roster. */
  unrostered: number
}

type Props = { coverage: Coverage; trend: CoverageTrend; actor: StaffActor }

/** How many of our people are connected: of the first kind that there is at length, of the others in a line each. */
export async function CoverageAnswer({ coverage, trend, actor }: Props) {
  const t = await getTranslations('staff.coverage')
  const { all, kinds, unrostered } = coverage
  const [main, ...others] = kinds
  if (all.people === 0) return <NoRoster connected={unrostered} actor={actor} />
  const shown: Share & { kind: PersonKind | null } = main ?? { ...all, kind: null }
  const unknown = addShares([{ people: all.people, connected: all.connected }, ...kinds.map(negative)])
  return (
    <div className="card grid items-center gap-x-8 gap-y-4 py-4! lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <Main share={shown} change={trend.change} />
        <Sparkline values={trend.values} />
      </div>
      <ul className="space-y-2 text-sm">
        {others.map((each) => (
          <Other key={each.kind} share={each} />
        ))}
        {main && unknown.people > 0 ? <Other share={{ ...unknown, kind: null }} /> : null}
        {unrostered > 0 ? (
          <li>
            <a
              href={peopleHref({ ...noPeopleFilters, roster: 'none', connection: connectedFilter() })}
              className="inline-flex min-h-6 items-center"
            >
              {t('unrostered', { count: unrostered })}
            </a>
          </li>
        ) : null}
      </ul>
    </div>
  )
}

const negative = ({ people, connected }: Share): Share => ({ people: -people, connected: -connected })

async function Main({
  share: { kind, ...share },
  change,
}: {
  share: Share & { kind: PersonKind | null }
  change: number | null
}) {
  const t = await getTranslations('staff.coverage')
  const format = await getFormatter()
  const say = await getShareWords()
  const missing = share.people - share.connected
  const points =
    change === null ? null : format.number(change * 100, { maximumFractionDigits: 1, signDisplay: 'exceptZero' })
  return (
    <div className="min-w-0">
      <p className="font-semibold text-[1.625rem] leading-tight tabular-nums">
        {t.rich('answer', {
          kind: kind ?? 'all',
          share: say(share),
          people: share.people,
          all: (words) => (
            <a key="all" href={peopleHref(ourPeople({ kind }))} className="text-ink!">
              {words}
            </a>
          ),
        })}
      </p>
      <p className="note mt-1 flex flex-wrap gap-x-4">
        <a
          href={peopleHref(ourPeople({ kind, connection: connectedFilter() }))}
          className="inline-flex min-h-6 items-center"
        >
          {t('connected', { count: share.connected })}
        </a>
        <a href={peopleHref(ourPeople({ kind, connection: 'missing' }))} className="inline-flex min-h-6 items-center">
          {t('missing', { count: missing })}
        </a>
        {points === null ? null : (
          <a href="/staff/figures#coverage" className="inline-flex min-h-6 items-center">
            {t('change', { points })}
          </a>
        )}
      </p>
    </div>
  )
}

async function Other({ share: { kind, ...share } }: { share: Share & { kind: PersonKind | null } }) {
  const t = await getTranslations('staff.coverage')
  const say = await getShareWords()
  return (
    <li>
      {t.rich('other', {
        kind: kind ?? 'none',
        share: say(share),
        people: share.people,
        all: (words) =>
          kind ? (
            <a key="all" href={peopleHref(ourPeople({ kind }))} className="inline-block min-h-6">
              {words}
            </a>
          ) : (
            words
          ),
      })}
      <Bar parts={[{ value: share.connected, look: 'full' }]} most={share.people} />
    </li>
  )
}

async function NoRoster({ connected, actor }: { connected: number; actor: StaffActor }) {
  const t = await getTranslations('staff.coverage')
  return (
    <Notice>
      <p>
        <a href={peopleHref({ ...noPeopleFilters, connection: connectedFilter() })} className="font-semibold">
          {t('noRoster', { count: connected })}
        </a>
      </p>
      <p className="note">{t('noRosterHint')}</p>
      {!may(actor, 'importPeople') ? null : (
        <p>
          <a href="/staff/import" className="inline-flex min-h-8 items-center">
            {t('import')}
          </a>
        </p>
      )}
    </Notice>
  )
}
