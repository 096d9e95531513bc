import { getTranslations } from 'next-intl/server'
import { parseAuditFilters } from '@/lib/audit/schema'
import { requireStaff } from '@/lib/auth/gates'
import { exportAudit } from '@/lib/exports/commands'
import { exportFormats } from '@/lib/exports/export'
import { download, refuseDownload } from '@/lib/http/download'
import { readRoute } from '@/lib/http/route'

/** The history as filtered, as a file that is written while it is read. */
export const GET = readRoute(async (query, { requestId }) => {
  const actor = await requireStaff('admin')
  const t = await getTranslations('staff.export')
  const format = exportFormats.find((known) => known === query.get('format'))
  if (!format) return refuseDownload(t('format'))
  const { filters, notices } = parseAuditFilters(query)
  if (notices.some((name) => name !== 'cursor')) return refuseDownload(t('filter'))
  return download('audit', format, exportAudit(actor, filters, format, requestId))
})
