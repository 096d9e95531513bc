import { getFormatter, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import type { StateName } from '@/app/_components/state-shape'
import { When } from '@/app/_components/when'
import { listHref } from '@/app/staff/_components/list-href'
import type { StaffActor } from '@/lib/actor'
import { countLeaversToApprove } from '@/lib/affiliations/leaver-plan'
import { countRefusedItems, findLastRefusal } from '@/lib/affiliations/queries'
import { refusedItemsHref } from '@/lib/affiliations/schema'
import { attemptsHref, noAttemptFilters } from '@/lib/attempts/schema'
import { findFailures } from '@/lib/attempts/trend'
import { listForeignAnswers } from '@/lib/calls/foreign'
import { countWrongLinks } from '@/lib/campaigns/one-person'
import { countCampaignNeeds } from '@/lib/campaigns/queries'
import { env } from '@/lib/config/env'
import { countFailedPlans } from '@/lib/exports/plan-commands'
import { overdueAfterH } from '@/lib/grants/revocation'
import { countWaitingRevocations } from '@/lib/grants/revocation-queries'
import { listLostKeys } from '@/lib/installation/queries'
import { visibilityKey } from '@/lib/list/visible'
import { formatForeignAnswer } from '@/lib/orcid/answer'
import { countOpenConflicts } from '@/lib/people/conflict-queries'
import { conflictsHref, noConflictFilters } from '@/lib/people/conflict-schema'
import type { Overview } from '@/lib/researchers/overview'
import { expiringWithinYears } from '@/lib/researchers/researcher'
import { may } from '@/lib/staff/abilities'
import { type AttentionItem, type AttentionState, isSettled, listAttention, type Pending } from '@/lib/staff/attention'
import { countFailingWebhooks } from '@/lib/webhooks/queries'

type Found = Pending & { key: AttentionItem; href: string | null; state: StateName; hint: ReactNode }

export type ListedItem = Found & {
  words: string
  /** Who has it, and who was done with it or put it off. */
  status: AttentionState | undefined
  isSettled: boolean
}

/** What somebody should look at, most urgent first; what there is none of is left out. */
export async function listAttentionItems(actor: StaffActor, overview: Overview, now: Date): Promise<ListedItem[]> {
  const t = await getTranslations('staff.overview')
  const format = await getFormatter()
  const [items, lostKeys, states] = await Promise.all([
    findItems(actor, overview, now),
    listLostKeys(),
    listAttention(actor, visibilityKey(actor)),
  ])
  const keysInWords = { keys: format.list(lostKeys.map(({ keyId }) => keyId)), keyCount: lostKeys.length }
  const lost: Found = {
    href: null,
    key: 'lostKeys',
    count: lostKeys.reduce((sum, { rows }) => sum + rows, 0),
    newestAt: null,
    state: 'wrong_record',
    hint: t('lostKeysHint'),
  }
  return [lost, ...items]
    .filter(({ count }) => count > 0)
    .map((found) => {
      const status = states.find(({ item }) => item === found.key)
      const words = t(`needs.${found.key}`, { count: found.count, ...keysInWords })
      return { ...found, words, status, isSettled: isSettled(status, found, now) }
    })
}

async function findItems(actor: StaffActor, overview: Overview, now: Date): Promise<Found[]> {
  const [ofAttempts, ofCampaigns, ofSystems, ofPeople] = await Promise.all([
    findAttemptItems(actor, now),
    findCampaignItems(actor),
    findSystemItems(actor),
    findPeopleItems(actor, overview, now),
  ])
  return [...ofAttempts, ...ofCampaigns, ...ofSystems, ...ofPeople]
}

/** Limited people see no campaigns. */
async function findCampaignItems(actor: StaffActor): Promise<Found[]> {
  if (!may(actor, 'seeCampaigns')) return []
  const t = await getTranslations('staff.overview')
  const { paused, look, approve, ending, bouncing, bouncedAt, bouncingIn } = await countCampaignNeeds(actor)
  const list = '/staff/campaigns'
  const items = [
    { key: 'campaignsPaused', count: paused, state: 'wrong_record' },
    {
      key: 'mailingsBouncing',
      count: bouncing,
      state: 'wrong_record',
      newestAt: bouncedAt,
      href: bouncingIn ? `${list}/${bouncingIn}` : list,
    },
    { key: 'mailingsToLookAt', count: look, state: 'waiting' },
    { key: 'mailingsToApprove', count: approve, state: 'waiting' },
    { key: 'campaignsEndless', count: ending, state: 'expiring' },
  ] as const
  return items.map((item) => ({ href: list, newestAt: null, ...item, hint: t(`${item.key}Hint`) }))
}

async function findSystemItems(actor: StaffActor): Promise<Found[]> {
  if (!may(actor, 'manageSystems')) return []
  const t = await getTranslations('staff.overview')
  const [files, webhooks] = await Promise.all([countFailedPlans(), countFailingWebhooks()])
  return [
    { key: 'filesFailed', ...files, state: 'wrong_record', hint: t('filesFailedHint') },
    { key: 'webhooksFailing', ...webhooks, state: 'wrong_record', hint: t('webhooksFailingHint') },
  ]
}

async function findAttemptItems(actor: StaffActor, now: Date): Promise<Found[]> {
  const t = await getTranslations('staff.overview')
  const format = await getFormatter()
  const percent = (share: number) => format.number(share, { style: 'percent', maximumFractionDigits: 1 })
  const [{ lost, period, rising }, foreign] = await Promise.all([findFailures(actor, now), listForeignAnswers(now)])
  const [latest] = foreign
  return [
    {
      href: null,
      key: 'foreign',
      count: foreign.reduce((sum, { count }) => sum + count, 0),
      newestAt: latest?.lastSeenAt ?? null,
      state: 'wrong_record',
      hint:
        latest &&
        t.rich('foreignHint', {
          when: () => <When key="latest" at={latest.lastSeenAt} show="time" />,
          answer: () => <bdi key="answer">{formatForeignAnswer(latest)}</bdi>,
        }),
    },
    {
      href: attemptsHref({ ...noAttemptFilters, outcome: 'answer-lost', ...period }),
      key: 'lost',
      count: lost,
      newestAt: null,
      state: 'wrong_record',
      hint: t('lostHint'),
    },
    {
      href: rising ? attemptsHref({ ...noAttemptFilters, outcome: 'failed', ...rising.period }) : '',
      key: 'rising',
      count: rising?.lately.failed ?? 0,
      newestAt: null,
      isDaily: true,
      state: 'wrong_record',
      hint: rising && t('risingHint', { now: percent(rising.lately.share), before: percent(rising.before.share) }),
    },
  ]
}

async function findPeopleItems(actor: StaffActor, overview: Overview, now: Date): Promise<Found[]> {
  const t = await getTranslations('staff.overview')
  const isMember = env().orcid.api === 'member'
  const [waiting, refused, refusedAt, conflicts, leavers, wrongLinks] = await Promise.all([
    countWaitingRevocations(actor),
    isMember ? countRefusedItems(actor) : 0,
    isMember ? findLastRefusal(actor) : null,
    countOpenConflicts(actor),
    countLeaversToApprove(actor, now),
    countWrongLinks(actor),
  ])
  const { conflict, withdrawnAtOrcid, withdrawnHere, expiring } = overview
  const oldest = waiting.oldestAt
  return [
    {
      href: '/staff/leavers',
      key: 'leavers',
      count: leavers,
      newestAt: null,
      isDaily: true,
      state: 'waiting',
      hint: t('leaversHint'),
    },
    {
      href: '/staff/figures#waiting',
      key: 'overdue',
      count: waiting.overdue,
      newestAt: waiting.overdueAt && new Date(waiting.overdueAt.getTime() + overdueAfterH * 3_600_000),
      state: 'expired',
      hint: t('overdueHint'),
    },
    {
      href: refusedItemsHref,
      key: 'refusedItems',
      count: refused,
      newestAt: refusedAt,
      state: 'wrong_record',
      hint: t('refusedItemsHint'),
    },
    {
      href: conflictsHref({ ...noConflictFilters, kind: 'conflict' }),
      key: 'conflicts',
      count: conflicts.conflicts,
      newestAt: conflicts.conflictAt,
      state: 'wrong_record',
      hint: t('conflictsHint'),
    },
    {
      href: conflictsHref({ ...noConflictFilters, kind: 'proposal' }),
      key: 'proposals',
      count: conflicts.proposals,
      newestAt: conflicts.proposalAt,
      state: 'waiting',
      hint: t('proposalsHint'),
    },
    {
      href: may(actor, 'invitePeople') ? '/staff/people/wrong-links' : null,
      key: 'notMe',
      ...wrongLinks,
      state: 'wrong_record',
      hint: t('notMeHint'),
    },
    {
      href: listHref(conflict.filters),
      key: 'peopleInConflict',
      // Decisions end the others.
      count: conflicts.atOrcid > 0 ? conflict.count : 0,
      newestAt: null,
      state: 'wrong_record',
      hint: t('peopleInConflictHint'),
    },
    {
      href: listHref(withdrawnAtOrcid.filters),
      key: 'withdrawnAtOrcid',
      count: withdrawnAtOrcid.count,
      newestAt: withdrawnAtOrcid.lastAt,
      state: 'withdrawn_at_orcid',
      hint: t('withdrawnAtOrcidHint'),
    },
    {
      href: listHref(withdrawnHere.filters),
      key: 'withdrawnHere',
      count: withdrawnHere.count,
      newestAt: withdrawnHere.lastAt,
      state: 'withdrawn',
      hint: t('withdrawnHereHint'),
    },
    {
      href: '/staff/figures#waiting',
      key: 'waiting',
      count: waiting.count,
      newestAt: waiting.newestAt,
      state: 'waiting',
      hint: oldest && t.rich('oldest', { when: () => <When key="oldest" at={oldest} /> }),
    },
    {
      href: listHref(expiring.filters),
      key: 'expiring',
      count: expiring.count,
      newestAt: expiring.lastAt && yearsBefore(expiring.lastAt, expiringWithinYears),
      state: 'expiring',
      hint: t('expiringHint'),
    },
  ]
}

/** When a permission began to count as one that expires. */
function yearsBefore(date: Date, years: number): Date {
  const before = new Date(date)
  before.setUTCFullYear(before.getUTCFullYear() - years)
  return before
}
