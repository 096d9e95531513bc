import { getTranslations } from 'next-intl/server'
import { actionKey } from '@/app/staff/audit/_components/audit-href'
import { auditActions } from '@/lib/audit/event'
import { type AuditFilters, auditActors } from '@/lib/audit/schema'

const field = 'min-h-11 w-full min-w-0 rounded-lg border border-line-strong bg-surface px-3'

/** A plain form that writes the filters into the address. The place in the history is left out: it begins anew. */
export async function AuditForm({ filters }: { filters: AuditFilters }) {
  const t = await getTranslations('staff.audit')
  return (
    <form
      method="get"
      action="/staff/audit"
      className="no-print grid grid-cols-2 items-end gap-3 xl:grid-cols-[repeat(4,minmax(0,1fr))]"
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
      <label className="space-y-1">
        <span className="note block">{t('fields.by')}</span>
        <select name="by" defaultValue={filters.by ?? ''} className={field}>
          <option value="">{t('anybody')}</option>
          {auditActors.map((kind) => (
            <option key={kind} value={kind}>
              {t(`kinds.${kind}`)}
            </option>
          ))}
        </select>
      </label>
      <label className="space-y-1">
        <span className="note block">{t('fields.action')}</span>
        <select name="action" defaultValue={filters.action ?? ''} className={field}>
          <option value="">{t('anything')}</option>
          {auditActions.map((action) => (
            <option key={action} value={action}>
              {t(`actions.${actionKey(action)}`)}
            </option>
          ))}
        </select>
      </label>
      {(['from', 'to'] as const).map((name) => (
        <label key={name} className="space-y-1">
          <span className="note block">{t(`fields.${name}`)}</span>
          <input type="date" name={name} defaultValue={filters[name] ?? ''} className={field} />
        </label>
      ))}
      <button type="submit" className="btn btn-primary col-span-2 min-h-11 px-6 sm:col-span-1">
        {t('apply')}
      </button>
    </form>
  )
}
