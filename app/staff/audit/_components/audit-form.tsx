import { getTranslations } from 'next-intl/server'
import { actionKey } from '@/app/staff/_components/action-key'
import { DateField, SelectMenu } from '@/app/staff/_components/fields'
import { FilterFold } from '@/app/staff/_components/filter-fold'
import { FilterForm } from '@/app/staff/_components/filter-form'
import { SearchField } from '@/app/staff/_components/search-field'
import { auditActions } from '@/lib/audit/event'
import { type AuditFilters, auditActors } from '@/lib/audit/schema'

/** Everything that the history can be narrowed down by. */
export async function AuditForm({ filters }: { filters: AuditFilters }) {
  const t = await getTranslations('staff.audit')
  return (
    <FilterForm action="/staff/audit" className="space-y-3">
      {(['subject', 'actor'] as const).map((name) =>
        filters[name] ? <input key={name} type="hidden" name={name} value={filters[name]} /> : null,
      )}
      <SearchField label={t('fields.q')} q={filters.q} />
      <FilterFold className="md:grid-cols-4">
        <SelectMenu
          name="by"
          label={t('fields.by')}
          any={t('anybody')}
          options={auditActors.map((kind) => ({ value: kind, words: t(`kinds.${kind}`) }))}
          value={filters.by}
        />
        <SelectMenu
          name="action"
          label={t('fields.action')}
          any={t('anything')}
          options={auditActions.map((action) => ({ value: action, words: t(`actions.${actionKey(action)}`) }))}
          value={filters.action}
        />
        {(['from', 'to'] as const).map((name) => (
          <DateField key={name} name={name} label={t(`fields.${name}`)} value={filters[name]} />
        ))}
      </FilterFold>
    </FilterForm>
  )
}
