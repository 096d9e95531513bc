import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { listIgnoredFilters, parseInvitedFilters } from '@/lib/campaigns/invited'
import { findCampaign } from '@/lib/campaigns/queries'
import { exportInvited } from '@/lib/exports/commands'
import { answerDownload, download, refuseDownload } from '@/lib/http/download'
import { readRoute } from '@/lib/http/route'
import { getLanguage } from '@/lib/i18n/request'
import { readOne } from '@/lib/list/search'

const formats = z.enum(['csv', 'xlsx'])

/** Those who are asked in a campaign and match, as a file that is written while it is read. */
export const GET = readRoute('export', async (query, { requestId }) => {
  const actor = await requireStaff('exportInvited')
  const t = await getTranslations('staff.exports.refused')
  const format = formats.safeParse(readOne(query, 'format'))
  if (!format.success) return refuseDownload(t('format'))
  const campaign = await findCampaign(readOne(query, 'campaign') ?? '')
  // A filter that is not understood may have left people out.
  if (!campaign || listIgnoredFilters(query).length > 0) return refuseDownload(t('filter'))
  const asked = { filters: { ...parseInvitedFilters(query), cursor: null }, format: format.data }
  const file = await exportInvited(actor, campaign, asked, { locale: await getLanguage(), requestId })
  return answerDownload('invited', format.data, file)
})

/** What a file is, and none is made. */
export const HEAD = readRoute('none', async (query) => {
  await requireStaff('exportInvited')
  const format = formats.safeParse(readOne(query, 'format'))
  return format.success ? download('invited', format.data, null) : refuseDownload('')
})
