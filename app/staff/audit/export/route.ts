import { getTranslations } from 'next-intl/server'
import { parseAuditFilters } from '@/lib/audit/schema'
import { requireStaff } from '@/lib/auth/gates'
import { exportAudit } from '@/lib/exports/commands'
import { download, refuseDownload } from '@/lib/http/download'
import { busyExportsPage } from '@/lib/http/plain-page'
import { readRoute } from '@/lib/http/route'

/** The history as filtered, as a file that is written while it is read. */
export const GET = readRoute(async (query, { requestId }) => {
  const actor = await requireStaff('admin')
  const t = await getTranslations('staff.exports.refused')
  const format = (['csv', 'json'] as const).find((known) => known === query.get('format'))
  if (!format) return refuseDownload(t('auditFormat'))
  const { filters, notices } = parseAuditFilters(query)
  if (notices.some((name) => name !== 'cursor')) return refuseDownload(t('filter'))
  const file = await exportAudit(actor, filters, format, requestId)
  return file ? download('audit', format, file) : busyExportsPage()
})
