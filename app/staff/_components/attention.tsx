import { ChevronRight } from 'lucide-react'
import { getFormatter, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Notice } from '@/app/_components/notice'
import { State } from '@/app/_components/state'
import type { StateName } from '@/app/_components/state-shape'
import { When } from '@/app/_components/when'
import { FailoverNotice } from '@/app/staff/_components/failover-notice'
import { listHref } from '@/app/staff/_components/list-href'
import { refusedItemsHref } from '@/lib/affiliations/schema'
import { attemptsHref, noAttemptFilters } from '@/lib/attempts/schema'
import type { RecentAttempts } from '@/lib/attempts/trend'
import type { ForeignAnswers } from '@/lib/calls/foreign'
import type { WaitingCount } from '@/lib/grants/revocation-queries'
import type { SealedKey } from '@/lib/installation/replicas'
import { formatForeignAnswer } from '@/lib/orcid/answer'
import type { ConflictCounts } from '@/lib/people/conflict-queries'
import { conflictsHref, noConflictFilters } from '@/lib/people/conflict-schema'
import type { Overview } from '@/lib/researchers/overview'
import type { Failover } from '@/lib/restores/failovers'

type Props = {
  failovers: Failover[]
  isAdmin: boolean
  lostKeys: SealedKey[]
  overview: Overview
  waiting: WaitingCount
  refused: number
  /** People of a day on which unusually many leave, who wait for an administrator's yes. */
  leavers: number
  attempts: Pick<RecentAttempts, 'rising' | 'lost' | 'period'>
  foreign: ForeignAnswers[]
  conflicts: ConflictCounts
}

/** What somebody should look at, most urgent first; what there is none of is left out. */
export async function Attention({
  failovers,
  isAdmin,
  lostKeys,
  overview,
  waiting,
  refused,
  leavers,
  attempts,
  foreign,
  conflicts,
}: Props) {
  const t = await getTranslations('staff.overview')
  const format = await getFormatter()
  const percent = (share: number) => format.number(share, { style: 'percent', maximumFractionDigits: 1 })
  const { conflict, withdrawnAtOrcid, withdrawnHere, expiring } = overview
  const oldest = waiting.oldestAt
  const { rising } = attempts
  const [latest] = foreign
  const items: ItemProps[] = [
    {
      href: null,
      key: 'lostKeys',
      count: lostKeys.reduce((sum, { rows }) => sum + rows, 0),
      state: 'wrong_record',
      hint: t('lostKeysHint'),
    },
    {
      href: null,
      key: 'foreign',
      count: foreign.reduce((sum, { count }) => sum + count, 0),
      state: 'wrong_record',
      hint:
        latest &&
        t.rich('foreignHint', {
          when: () => <When key="latest" at={latest.lastSeenAt} show="time" />,
          answer: () => <bdi key="answer">{formatForeignAnswer(latest)}</bdi>,
        }),
    },
    {
      href: attemptsHref({ ...noAttemptFilters, outcome: 'answer-lost', ...attempts.period }),
      key: 'lost',
      count: attempts.lost,
      state: 'wrong_record',
      hint: t('lostHint'),
    },
    {
      href: rising ? attemptsHref({ ...noAttemptFilters, outcome: 'failed', ...rising.period }) : '',
      key: 'rising',
      count: rising?.lately.failed ?? 0,
      state: 'wrong_record',
      hint: rising && t('risingHint', { now: percent(rising.lately.share), before: percent(rising.before.share) }),
    },
    { href: '/staff/leavers', key: 'leavers', count: leavers, state: 'waiting', hint: t('leaversHint') },
    { href: '#waiting', key: 'overdue', count: waiting.overdue, state: 'expired', hint: t('overdueHint') },
    { href: refusedItemsHref, key: 'refusedItems', count: refused, state: 'wrong_record', hint: t('refusedItemsHint') },
    {
      href: conflictsHref({ ...noConflictFilters, kind: 'conflict' }),
      key: 'conflicts',
      count: conflicts.conflicts,
      state: 'wrong_record',
      hint: t('conflictsHint'),
    },
    {
      href: conflictsHref({ ...noConflictFilters, kind: 'proposal' }),
      key: 'proposals',
      count: conflicts.proposals,
      state: 'waiting',
      hint: t('proposalsHint'),
    },
    {
      href: listHref(conflict.filters),
      key: 'peopleInConflict',
      // Decisions end the others.
      count: conflicts.atOrcid > 0 ? conflict.count : 0,
      state: 'wrong_record',
      hint: t('peopleInConflictHint'),
    },
    {
      href: listHref(withdrawnAtOrcid.filters),
      key: 'withdrawnAtOrcid',
      count: withdrawnAtOrcid.count,
      state: 'withdrawn_at_orcid',
      hint: t('withdrawnAtOrcidHint'),
    },
    {
      href: listHref(withdrawnHere.filters),
      key: 'withdrawnHere',
      count: withdrawnHere.count,
      state: 'withdrawn',
      hint: t('withdrawnHereHint'),
    },
    {
      href: '#waiting',
      key: 'waiting',
      count: waiting.count,
      state: 'waiting',
      hint: oldest && t.rich('oldest', { when: () => <When key="oldest" at={oldest} /> }),
    },
    {
      href: listHref(expiring.filters),
      key: 'expiring',
      count: expiring.count,
      state: 'expiring',
      hint: t('expiringHint'),
    },
  ]
  const keysInWords = { keys: format.list(lostKeys.map(({ keyId }) => keyId)), keyCount: lostKeys.length }
  const found = items.filter(({ count }) => count > 0)
  return (
    <section aria-labelledby="attention" className="space-y-3">
      <h2 id="attention">{t('attention')}</h2>
      {found.length + failovers.length === 0 ? <Notice tone="good">{t('calm')}</Notice> : null}
      {failovers.map((failover) => (
        <FailoverNotice key={failover.id} failover={failover} isAdmin={isAdmin} />
      ))}
      <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
        {found.map(({ key, ...item }) => (
          <Item key={key} {...item} words={t(`needs.${key}`, { count: item.count, ...keysInWords })} />
        ))}
      </ul>
    </section>
  )
}

type AttentionItem = { href: string | null; count: number; state: StateName; hint: ReactNode }
type ItemProps = AttentionItem & {
  key:
    | 'foreign'
    | 'lost'
    | 'lostKeys'
    | 'rising'
    | 'overdue'
    | 'leavers'
    | 'refusedItems'
    | 'conflicts'
    | 'proposals'
    | 'peopleInConflict'
    | 'withdrawnAtOrcid'
    | 'withdrawnHere'
    | 'waiting'
    | 'expiring'
}

async function Item({ href, count, state, words, hint }: AttentionItem & { words: string }) {
  const format = await getFormatter()
  const said = (
    <State state={state}>
      <span className="whitespace-normal">
        <span className="tabular-nums">{format.number(count)}</span> {words}
      </span>
    </State>
  )
  return (
    <li className="card card-small relative flex items-start gap-3 hover:border-line-strong">
      <div className="min-w-0 flex-1">
        {href === null ? (
          <span className="font-semibold">{said}</span>
        ) : (
          <a
            href={href}
            className="font-semibold text-ink! no-underline! after:absolute after:inset-0 after:rounded-card"
          >
            {said}
          </a>
        )}
        <p className="note ps-5">{hint}</p>
      </div>
      {href === null ? null : <ChevronRight size={20} className="mt-0.5 shrink-0 text-ink-soft rtl:rotate-180" />}
    </li>
  )
}
