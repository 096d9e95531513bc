import { getTranslations } from 'next-intl/server'
import { type MenuOption, SelectMenu } from '@/app/staff/_components/fields'
import type { FilterWords } from '@/app/staff/_components/filter-words'
import { describeScopes } from '@/app/staff/_components/staff-scopes'
import { FoldedMenu } from '@/app/staff/researchers/_components/folded-menu'
import type { ListFilters } from '@/lib/researchers/schema'

type Props = { filters: ListFilters; scopes: readonly string[]; chosen: FilterWords[] }

/** What people have to permit, all of it, and what they may not. */
export async function PermissionMenu({ filters, scopes, chosen }: Props) {
  const t = await getTranslations('staff.list')
  const described = await describeScopes([...scopes, ...filters.scopes])
  const asked = scopes.toSorted().join(' ')
  const given = filters.lacks.join(' ')
  const lacking: MenuOption[] = [
    { value: asked, words: t('lacksSome') },
    ...described.map(({ scope, title }) => ({ value: scope, words: title })),
  ]
  // A link may ask for what the menu does not offer; choosing something else in the form must not lose it.
  const isOffered = given === '' || lacking.some(({ value }) => value === given)
  const words = chosen.find(({ name }) => name === 'lacks')?.words ?? ''
  return (
    <FoldedMenu label={t('permissions')} any={t('anyPermission')} names={['scope', 'lacks']} chosen={chosen}>
      <div className="space-y-1">
        <p className="note">{t('has')}</p>
        {described.map(({ scope, title }) => (
          <label key={scope} className="flex min-h-9 items-center gap-3 rounded-md px-2 hover:bg-sunken">
            <input
              type="checkbox"
              name="scope"
              value={scope}
              defaultChecked={filters.scopes.includes(scope)}
              className="size-4 shrink-0"
            />
            <span>{title}</span>
          </label>
        ))}
      </div>
      <SelectMenu
        name="lacks"
        label={t('lacks')}
        any={t('anyLack')}
        options={isOffered ? lacking : [...lacking, { value: given, words }]}
        value={given}
      />
    </FoldedMenu>
  )
}
