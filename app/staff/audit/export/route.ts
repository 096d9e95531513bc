import { getTranslations } from 'next-intl/server'
import { parseAuditFilters } from '@/lib/audit/schema'
import { requireStaff } from '@/lib/auth/gates'
import { exportAudit } from '@/lib/exports/commands'
import { answerDownload, download, refuseDownload } from '@/lib/http/download'
import { readRoute } from '@/lib/http/route'

const findFormat = (query: URLSearchParams) => (['csv', 'json'] as const).find((known) => known === query.get('format'))

/** The history as filtered, as a file that is written while it is read. */
export const GET = readRoute('export', async (query, { requestId }) => {
  const actor = await requireStaff('exportActivity')
  const t = await getTranslations('staff.exports.refused')
  const format = findFormat(query)
  if (!format) return refuseDownload(t('auditFormat'))
  const { filters, notices } = parseAuditFilters(query)
  if (notices.some((name) => name !== 'cursor')) return refuseDownload(t('filter'))
  return answerDownload('audit', format, await exportAudit(actor, filters, format, requestId))
})

/** What a file is, and none is made. */
export const HEAD = readRoute('none', async (query) => {
  await requireStaff('exportActivity')
  const format = findFormat(query)
  return format ? download('audit', format, null) : refuseDownload('')
})
