import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { type AffiliationFilters, hasBadAffiliationFilters, parseAffiliationFilters } from '@/lib/affiliations/schema'
import { requireMemberStaff } from '@/lib/auth/gates'
import { exportAffiliations } from '@/lib/exports/commands'
import { answerDownload, download, refuseDownload } from '@/lib/http/download'
import { readRoute } from '@/lib/http/route'
import { getLanguage } from '@/lib/i18n/request'
import { readOne } from '@/lib/list/search'

const nameOf = ({ kind }: AffiliationFilters) => (kind === 'work' ? 'works' : 'affiliations')
const formats = z.enum(['csv', 'xlsx', 'json'])

/** The entries that match, as a file that is written while it is read and may come back edited. */
export const GET = readRoute('export', async (query, { requestId }) => {
  const actor = await requireMemberStaff('exportAffiliations')
  const format = formats.safeParse(readOne(query, 'format'))
  const t = await getTranslations('staff.exports.refused')
  if (!format.success) return refuseDownload(t('affiliationFormat'))
  if (hasBadAffiliationFilters(query)) return refuseDownload(t('filter'))
  const filters = parseAffiliationFilters(query)
  const file = await exportAffiliations(actor, filters, format.data, { locale: await getLanguage(), requestId })
  return answerDownload(nameOf(filters), format.data, file)
})

/** What a file is, and none is made. */
export const HEAD = readRoute('none', async (query) => {
  await requireMemberStaff('exportAffiliations')
  const format = formats.safeParse(readOne(query, 'format'))
  return format.success ? download(nameOf(parseAffiliationFilters(query)), format.data, null) : refuseDownload('')
})
