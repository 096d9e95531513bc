import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getFormatter, getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { Notice } from '@/app/_components/notice'
import { BackLink } from '@/app/staff/_components/back-link'
import { FilterChips } from '@/app/staff/_components/filter-chips'
import { ListMenu } from '@/app/staff/_components/list-menu'
import { NoMatch } from '@/app/staff/_components/no-match'
import { Pages } from '@/app/staff/_components/pages'
import { describeInvitedFilters } from '@/app/staff/campaigns/_components/invited-filter-words'
import { InvitedForm } from '@/app/staff/campaigns/_components/invited-form'
import { InvitedTable } from '@/app/staff/campaigns/_components/invited-table'
import type { StaffActor } from '@/lib/actor'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import {
  type InvitedFilters,
  invitedHref,
  isNarrowed,
  listIgnoredFilters,
  noInvitedFilters,
  parseInvitedFilters,
  toInvitedParameters,
} from '@/lib/campaigns/invited'
import { countInvited, type InvitedPage, listInvited } from '@/lib/campaigns/people'
import { type Campaign, findCampaign } from '@/lib/campaigns/queries'
import { mayRemind } from '@/lib/campaigns/reminding'
import type { SearchParams } from '@/lib/list/search'
import { withParents } from '@/lib/people/person'
import { listDepartments } from '@/lib/researchers/departments'
import { may } from '@/lib/staff/abilities'

type Props = { params: Promise<{ id: string }>; searchParams: Promise<SearchParams> }

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.campaigns.people'))('title'), robots: { index: false } }
}

/** The people who are asked in a campaign, with how far each has come. Who refused is not connected, like others. */
export default availablePage(async function InvitedPeoplePage({ params, searchParams }: Props) {
  const actor = await requireStaff('seeCampaigns')
  const campaign = await findCampaign((await params).id)
  if (!campaign) notFound()
  const t = await getTranslations('staff.campaigns.people')
  const query = await searchParams
  const filters = parseInvitedFilters(query)
  const here = `/staff/campaigns/${campaign.id}`
  const [page, departments, chips] = await Promise.all([
    listInvited(actor, campaign, filters),
    listDepartments(actor),
    describeInvitedFilters(campaign, filters),
  ])
  const list = {
    filters,
    none: noInvitedFilters,
    chips,
    href: (changed: InvitedFilters) => invitedHref(campaign.id, changed),
  }
  const say = (count: number) => t('count', { count })
  return (
    <div className="space-y-5">
      <div className="space-y-2">
        <BackLink href={here}>{campaign.name ? <bdi translate="no">{campaign.name}</bdi> : t('toCampaign')}</BackLink>
        <h1>{t('title')}</h1>
      </div>
      {listIgnoredFilters(query).length > 0 ? <Notice tone="warn">{t('ignored')}</Notice> : null}
      <InvitedForm
        action={`${here}/people`}
        campaign={campaign}
        filters={filters}
        departments={withParents(departments)}
      />
      <FilterChips {...list} />
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <p className="font-medium tabular-nums">{say(page.count)}</p>
        <Ways actor={actor} campaign={campaign} filters={filters} page={page} />
      </div>
      {page.rows.length > 0 ? (
        <>
          <InvitedTable campaign={campaign} people={page.rows} />
          <Pager page={page} href={(cursor) => list.href({ ...filters, cursor })} />
        </>
      ) : isNarrowed(filters) ? (
        <NoMatch
          {...list}
          count={async (looser) => {
            const found = await countInvited(actor, campaign, looser)
            return found > 0 ? say(found) : null
          }}
        >
          {t('noMatch')}
        </NoMatch>
      ) : (
        <EmptyState>{t('none')}</EmptyState>
      )}
    </div>
  )
})

type WaysProps = { actor: StaffActor; campaign: Campaign; filters: InvitedFilters; page: InvitedPage }

/** What can be done with the people who match: a reminder, a file. */
async function Ways({ actor, campaign, filters, page }: WaysProps) {
  if (page.count === 0) return null
  const t = await getTranslations('staff.campaigns.people')
  const menu = await getTranslations('staff.list.menu')
  const chosen = toInvitedParameters(filters)
  const files = (['csv', 'xlsx'] as const).map((format) => ({
    href: `/staff/campaigns/people/export?${new URLSearchParams([['campaign', campaign.id], ['format', format], ...chosen])}`,
    words: menu('all', { format: format === 'csv' ? 'CSV' : 'Excel' }),
  }))
  return (
    <div className="no-print flex flex-wrap items-center gap-3 empty:hidden">
      {may(actor, 'openCampaigns') && mayRemind(campaign) ? (
        <a
          href={`/staff/campaigns/${campaign.id}/open?${new URLSearchParams([['remind', 'yes'], ...chosen])}`}
          className="btn btn-quiet"
        >
          {t('remind')}
        </a>
      ) : null}
      {may(actor, 'exportInvited') ? <ListMenu label={menu('export')} files={files} /> : null}
    </div>
  )
}

type PagerProps = { page: InvitedPage; href: (cursor: InvitedFilters['cursor']) => string }

async function Pager({ page: { rows, from, count, next, previous }, href }: PagerProps) {
  const t = await getTranslations('staff.list')
  const format = await getFormatter()
  const last = from + rows.length
  return (
    <Pages
      previous={previous && { href: href(previous), words: t('previous') }}
      next={next && { href: href(next), words: t('next') }}
    >
      <p className="note tabular-nums">
        {t('position', { first: from + 1, last, count: format.number(Math.max(count, last)) })}
      </p>
    </Pages>
  )
}
