import '@/app/staff/_components/charts/charts.css'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { EmptyState } from '@/app/_components/empty-state'
import { When } from '@/app/_components/when'
import { BackLink } from '@/app/staff/_components/back-link'
import { Patterns } from '@/app/staff/_components/charts/patterns'
import { SortedHead } from '@/app/staff/_components/unit-table'
import { GroupTable } from '@/app/staff/campaigns/_components/group-table'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { type CampaignFunnel, findFunnel, toAllowedShare, type UnitFunnel } from '@/lib/campaigns/funnel'
import { noKind } from '@/lib/campaigns/invited'
import { type Campaign, findCampaign } from '@/lib/campaigns/queries'
import { env } from '@/lib/config/env'
import { toHref, toParameters } from '@/lib/list/search'
import { sortUnits, type UnitSort, unitSorts } from '@/lib/people/units'
import { noDepartment } from '@/lib/researchers/schema'

type Props = { params: Promise<{ id: string }>; searchParams: Promise<unknown> }

const search = z.object({ sort: z.enum(unitSorts).catch('share') })

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.campaigns.whoIsMissing'))('title'), robots: { index: false } }
}

/** Who is missing: how far those who are asked have come, by kind and by department. */
export default availablePage(async function MissingPage({ params, searchParams }: Props) {
  const actor = await requireStaff('seeCampaigns')
  const campaign = await findCampaign((await params).id)
  if (!campaign) notFound()
  const { sort } = search.parse(await searchParams)
  const funnel = await findFunnel(actor, campaign)
  const t = await getTranslations('staff.campaigns.whoIsMissing')
  const figures = await getTranslations('staff.campaigns.funnel')
  return (
    <div className="max-w-[64rem] space-y-8">
      <Patterns />
      <div className="space-y-2">
        <BackLink href={`/staff/campaigns/${campaign.id}`}>
          {campaign.name ? <bdi translate="no">{campaign.name}</bdi> : t('toCampaign')}
        </BackLink>
        <h1>{t('title')}</h1>
        <p className="max-w-[65ch] text-ink-soft">{funnel.isKept ? figures('kept') : t('lead')}</p>
        {funnel.isKept ? null : (
          <p className="note">{t.rich('at', { when: () => <When key="at" at={funnel.at} show="time" /> })}</p>
        )}
      </div>
      {funnel.all.invited === 0 ? (
        <EmptyState>{t('nobody')}</EmptyState>
      ) : (
        <>
          <Kinds campaign={campaign} funnel={funnel} />
          {env().comparesDepartments ? (
            <Units campaign={campaign} funnel={funnel} sort={sort} />
          ) : (
            <p className="text-ink-soft">{t('notCompared')}</p>
          )}
          <p className="note max-w-[65ch]">{figures('means')}</p>
        </>
      )}
    </div>
  )
})

type GroupProps = { campaign: Campaign; funnel: CampaignFunnel }

async function Kinds({ campaign, funnel: { kinds, isKept } }: GroupProps) {
  const t = await getTranslations('staff.campaigns.whoIsMissing')
  const heads = await getTranslations('staff.campaigns.funnel')
  const people = await getTranslations('staff.people')
  if (kinds.length === 0) return null
  return (
    <section aria-labelledby="kinds" className="space-y-3">
      <h2 id="kinds">{t('kinds')}</h2>
      <div className="card">
        <GroupTable
          campaign={campaign}
          caption={t('kinds')}
          groups={kinds.map(({ kind, ...funnel }) => ({
            key: kind ?? noKind,
            words: kind ? people(`kinds.${kind}`) : t('noKind'),
            funnel,
            filters: { kind: kind ?? noKind },
          }))}
          heads={{
            name: <th scope="col">{people('kind')}</th>,
            share: <th scope="col">{heads('heads.share')}</th>,
            invited: <th scope="col">{heads('invited')}</th>,
          }}
          isKept={isKept}
        />
      </div>
    </section>
  )
}

async function Units({ campaign, funnel: { units, isKept }, sort }: GroupProps & { sort: UnitSort }) {
  const t = await getTranslations('staff.campaigns.whoIsMissing')
  const heads = await getTranslations('staff.campaigns.funnel')
  const departments = await getTranslations('staff.departments')
  if (units.length === 0) return null
  const sorted = sortUnits(
    units.map((unit) => ({ ...unit, ...toAllowedShare(unit) })),
    sort,
  )
  const sortHref = (by: UnitSort) =>
    `${toHref(`/staff/campaigns/${campaign.id}/missing`, toParameters({ sort: by === 'share' ? null : by }))}#units`
  const head = { sort, sortHref }
  return (
    <section aria-labelledby="units" className="space-y-3">
      <h2 id="units">{t('units')}</h2>
      <div className="card">
        <GroupTable
          campaign={campaign}
          caption={t('units')}
          groups={sorted.map((unit: UnitFunnel) => ({
            key: unit.path ?? noDepartment,
            words: unit.path ?? departments('none'),
            funnel: unit,
            filters: { department: unit.path ?? noDepartment },
          }))}
          heads={{
            name: <SortedHead {...head} name="name" words={departments('heads.name')} first="name" />,
            share: <SortedHead {...head} name="share" words={heads('heads.share')} first="share" />,
            invited: <SortedHead {...head} name="people" words={heads('invited')} first="-people" />,
          }}
          isKept={isKept}
        />
      </div>
    </section>
  )
}
