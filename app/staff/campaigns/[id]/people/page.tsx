import '@/app/staff/_components/rows.css'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { State } from '@/app/_components/state'
import type { StateName } from '@/app/_components/state-shape'
import { When } from '@/app/_components/when'
import { SelectMenu } from '@/app/staff/_components/fields'
import { FilterForm } from '@/app/staff/_components/filter-form'
import { PagesByTime } from '@/app/staff/_components/pages'
import { TableHead } from '@/app/staff/_components/table-head'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { isStanding } from '@/lib/campaigns/campaign'
import {
  type InvitedPerson,
  type InvitedState,
  invitedHref,
  invitedStates,
  listInvited,
  parseInvitedFilters,
} from '@/lib/campaigns/people'
import { type Campaign, findCampaign } from '@/lib/campaigns/queries'
import type { SearchParams } from '@/lib/list/search'
import { visibleName } from '@/lib/researchers/visible-name'

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
  const filters = parseInvitedFilters(await searchParams)
  const page = await listInvited(actor, campaign, filters)
  const here = `/staff/campaigns/${campaign.id}`
  const toWords = await getStateWords(campaign)
  return (
    <div className="space-y-5">
      <div className="space-y-2">
        <p className="no-print text-sm">
          <a href={here} translate="no">
            {campaign.name || t('toCampaign')}
          </a>
        </p>
        <h1>{t('title')}</h1>
      </div>
      <FilterForm action={`${here}/people`} className="max-w-[20rem]">
        <SelectMenu
          name="state"
          label={t('state')}
          any={t('any')}
          options={(isStanding(campaign) ? standingStates : invitedStates).map((value) => ({
            value,
            words: toWords(value),
          }))}
          value={filters.state}
        />
        <noscript>
          <button type="submit" className="btn btn-quiet mt-3">
            {t('state')}
          </button>
        </noscript>
      </FilterForm>
      {page.rows.length === 0 ? (
        <EmptyState action={filters.state ? { href: `${here}/people`, label: t('any') } : null}>
          {t(filters.state ? 'noMatch' : 'none')}
        </EmptyState>
      ) : (
        <PeopleTable people={page.rows} toWords={toWords} />
      )}
      <PagesByTime page={page} href={(cursor) => invitedHref(campaign.id, { ...filters, cursor })} />
    </div>
  )
})

const shapes: Record<InvitedState, StateName> = {
  not_connected: 'not_connected',
  allowed: 'connected',
  allowed_less: 'identity_only',
  failed: 'wrong_record',
}

const standingStates = ['allowed', 'allowed_less'] as const

/** A standing campaign asks people who are connected: they have answered, or not. */
async function getStateWords(campaign: Campaign): Promise<(state: InvitedState) => string> {
  const t = await getTranslations('staff.campaigns.people')
  if (!isStanding(campaign)) return (state) => t(`states.${state}`)
  return (state) => t(state === 'allowed' ? 'standing.allowed' : 'standing.allowed_less')
}

type TableProps = { people: readonly InvitedPerson[]; toWords: (state: InvitedState) => string }

async function PeopleTable({ people, toWords }: TableProps) {
  const t = await getTranslations('staff.campaigns.people')
  const nameless = (await getTranslations('staff'))('nameNotPublic')
  const columns = ['name', 'department', 'state', 'mail'] as const
  return (
    <div className="rows">
      <table>
        <TableHead caption={t('caption')} heads={columns.map((column) => t(`columns.${column}`))} />
        <tbody>
          {people.map(({ id, personId, name, localId, orcid, department, state, lastMailAt }) => (
            <tr key={id}>
              <td data-place="name">
                <a
                  href={orcid ? `/staff/researchers/${orcid}` : `/staff/people/${personId}`}
                  dir="auto"
                  translate="no"
                  className="whole-row"
                >
                  {visibleName(name) ?? nameless}
                </a>
                {localId ? (
                  <small className="known-here" translate="no">
                    {localId}
                  </small>
                ) : null}
              </td>
              <td data-place="department" translate="no" className={department ? undefined : 'absent'}>
                {department ?? '–'}
              </td>
              <td data-place="state">
                <State state={shapes[state]}>{toWords(state)}</State>
              </td>
              <td data-place="mail" className={lastMailAt ? undefined : 'absent'}>
                {lastMailAt ? <When at={lastMailAt} /> : '–'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
