import { ChevronLeft, ChevronRight } from 'lucide-react'
import { getTranslations } from 'next-intl/server'
import { auditHref } from '@/app/staff/audit/_components/audit-href'
import type { AuditPage } from '@/lib/audit/history'
import type { AuditFilters } from '@/lib/audit/schema'

/** The ways to the newer and the older events, where there are some. */
export async function AuditPager({ filters, page: { newer, older } }: { filters: AuditFilters; page: AuditPage }) {
  const t = await getTranslations('staff.list')
  if (!newer && !older) return null
  return (
    <nav aria-label={t('pages')} className="no-print flex flex-wrap justify-end gap-2">
      {newer ? (
        <a href={auditHref({ ...filters, cursor: newer })} rel="prev" className="btn btn-quiet">
          <ChevronLeft size={20} className="rtl:rotate-180" />
          {t('newer')}
        </a>
      ) : null}
      {older ? (
        <a href={auditHref({ ...filters, cursor: older })} rel="next" className="btn btn-quiet">
          {t('older')}
          <ChevronRight size={20} className="rtl:rotate-180" />
        </a>
      ) : null}
    </nav>
  )
}
