import { getTranslations } from 'next-intl/server'
import { requireStaff } from '@/lib/auth/gates'
import { exportResearchers } from '@/lib/exports/commands'
import { parseFileOptions } from '@/lib/exports/schema'
import { answerDownload, download, refuseDownload } from '@/lib/http/download'
import { readRoute } from '@/lib/http/route'
import { getLanguage } from '@/lib/i18n/request'
import { parseListFilters } from '@/lib/researchers/schema'

/** The list as filtered, as a file that is written while it is read. */
export const GET = readRoute('export', async (query, { requestId }) => {
  const actor = await requireStaff('exportPeople')
  const t = await getTranslations('staff.exports.refused')
  const parsed = parseFileOptions(query)
  if ('fault' in parsed) return refuseDownload(t(parsed.fault))
  const { filters, notices } = parseListFilters(query)
  // On a page a notice can say that a filter was left out; a file with too many people in it says nothing.
  if (notices.some((name) => name !== 'cursor' && name !== 'sort')) return refuseDownload(t('filter'))
  const file = await exportResearchers(actor, filters, parsed.options, { locale: await getLanguage(), requestId })
  return answerDownload('researchers', parsed.options.format, file)
})

/** What a file is, and none is made. */
export const HEAD = readRoute('none', async (query) => {
  await requireStaff('exportPeople')
  const parsed = parseFileOptions(query)
  return 'fault' in parsed ? refuseDownload('') : download('researchers', parsed.options.format, null)
})
