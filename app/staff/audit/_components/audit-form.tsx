import { getTranslations } from 'next-intl/server'
import { actionKey } from '@/app/staff/_components/action-key'
import { DateField, field, SelectMenu } from '@/app/staff/_components/fields'
import { FilterForm } from '@/app/staff/_components/filter-form'
import { auditActions } from '@/lib/audit/event'
import { type AuditFilters, auditActors } from '@/lib/audit/schema'

/** Everything that the history can be narrowed down by. */
export async function AuditForm({ filters }: { filters: AuditFilters }) {
  const t = await getTranslations('staff.audit')
  return (
    <FilterForm
      action="/staff/audit"
      className="grid grid-cols-2 items-end gap-3 xl:grid-cols-[repeat(4,minmax(0,1fr))]"
    >
      {(['subject', 'actor'] as const).map((name) => (
        <label key={name} className="col-span-2 space-y-1 md:col-span-1">
          <span className="note block">{t(`fields.${name}`)}</span>
          <input
            type="search"
            name={name}
            defaultValue={filters[name]}
            maxLength={200}
            placeholder={t('placeholder')}
            className={field}
          />
        </label>
      ))}
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
      <button type="submit" className="btn btn-primary col-span-2 min-h-11 px-6 sm:col-span-1">
        {t('apply')}
      </button>
    </FilterForm>
  )
}
