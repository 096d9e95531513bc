import '@/app/staff/researchers/people.css'
import { getTranslations } from 'next-intl/server'
import { ListKeys } from '@/app/staff/researchers/_components/list-keys'
import { People } from '@/app/staff/researchers/_components/people'
import { ResearcherChips } from '@/app/staff/researchers/_components/researcher-chips'
import { ResearcherForm } from '@/app/staff/researchers/_components/researcher-form'
import type { StaffActor } from '@/lib/actor'
import type { Listing } from '@/lib/researchers/listing'
import type { ShownResearcher } from '@/lib/researchers/rows'
import { type ListFilters, sortOf } from '@/lib/researchers/schema'
import { listAskable } from '@/lib/texts/asked'

// The page of the limit asks for no role.
const actor = { role: 'manager' } as StaffActor
const departments = Array.from({ length: 60 }, (_, place) => `Department ${place + 1}`)

type Props = { rows: ShownResearcher[]; count: number; from: number; filters: ListFilters }

/** Everything that the page of the list shows, with rows from elsewhere. */
export async function ListOf({ rows, count, from, filters }: Props) {
  const t = await getTranslations('staff.list')
  const scopes = await listAskable()
  const last = rows.at(-1)
  const next = last
    ? {
        sort: sortOf(filters),
        go: 'next' as const,
        key: last.firstConnectedAt?.toISOString() ?? null,
        id: last.id,
        from: from + rows.length,
      }
    : null
  const page = { rows, from, count: { count, exact: true }, next, previous: null }
  const finding = Promise.resolve<Listing>({ kind: 'people', page })
  return (
    <div className="space-y-5">
      <h1>{t('title')}</h1>
      <ResearcherForm actor={actor} filters={filters} scopes={scopes} departments={departments} />
      <ResearcherChips filters={filters} />
      <People actor={actor} finding={finding} filters={filters} scopes={scopes} />
      <ListKeys
        words={{ on: t('keys.on'), off: t('keys.off'), turnOff: t('keys.turnOff'), turnOn: t('keys.turnOn') }}
      />
    </div>
  )
}
