import '@/app/staff/researchers/people.css'
import { getTranslations } from 'next-intl/server'
import { ListKeys } from '@/app/staff/researchers/_components/list-keys'
import { People } from '@/app/staff/researchers/_components/people'
import { ResearcherChips } from '@/app/staff/researchers/_components/researcher-chips'
import { ResearcherForm } from '@/app/staff/researchers/_components/researcher-form'
import type { StaffActor } from '@/lib/actor'
import type { Listing } from '@/lib/researchers/listing'
import type { ResearcherPage } from '@/lib/researchers/queries'
import type { ListFilters } from '@/lib/researchers/schema'
import { listAskable } from '@/lib/texts/asked'

// Neither page asks who looks.
export const actor = { kind: 'staff', role: 'manager', departments: null } as StaffActor

type Props = { page: ResearcherPage; departments: string[]; filters: ListFilters }

/** Everything that the page of the list shows, with rows from elsewhere. */
export async function ListOf({ page, departments, filters }: Props) {
  const t = await getTranslations('staff.list')
  const scopes = await listAskable()
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
