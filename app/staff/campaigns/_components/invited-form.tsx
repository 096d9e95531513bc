import { getTranslations } from 'next-intl/server'
import { DepartmentFilter } from '@/app/staff/_components/department-filter'
import { SelectMenu } from '@/app/staff/_components/fields'
import { FilterFold } from '@/app/staff/_components/filter-fold'
import { FilterForm } from '@/app/staff/_components/filter-form'
import { SearchField } from '@/app/staff/_components/search-field'
import { getInvitedWords, listInvitedStates } from '@/app/staff/campaigns/_components/invited-words'
import { type InvitedFilters, noKind } from '@/lib/campaigns/invited'
import type { Campaign } from '@/lib/campaigns/queries'
import { personKinds } from '@/lib/people/person'

type Props = { action: string; campaign: Campaign; filters: InvitedFilters; departments: readonly string[] }

/** Everything that the list of invited people can be narrowed down by. */
export async function InvitedForm({ action, campaign, filters, departments }: Props) {
  const toWords = await getInvitedWords(campaign)
  const t = await getTranslations('staff.campaigns')
  const people = await getTranslations('staff.people')
  return (
    <FilterForm action={action} className="space-y-3">
      <SearchField label={people('search')} q={filters.q ?? ''} />
      <FilterFold className="md:grid-cols-3">
        <SelectMenu
          name="state"
          label={t('people.state')}
          any={t('people.any')}
          options={listInvitedStates(campaign).map((value) => ({ value, words: toWords(value) }))}
          value={filters.state}
        />
        <SelectMenu
          name="kind"
          label={people('kind')}
          any={people('anyKind')}
          options={[
            ...personKinds.map((value) => ({ value, words: people(`kinds.${value}`) })),
            { value: noKind, words: t('whoIsMissing.noKind') },
          ]}
          value={filters.kind}
        />
        <DepartmentFilter label={people('department')} department={filters.department} departments={departments} />
      </FilterFold>
    </FilterForm>
  )
}
