import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { exportPeople } from '@/lib/exports/commands'
import { answerDownload, download, refuseDownload } from '@/lib/http/download'
import { readRoute } from '@/lib/http/route'
import { getLanguage } from '@/lib/i18n/request'
import { readOne } from '@/lib/list/search'
import { parseSelection } from '@/lib/people/selection'
import { listAskable } from '@/lib/texts/asked'

const formats = z.enum(['csv', 'xlsx'])

/** The people who are ticked, or all who match, as a file that is written while it is read. */
export const GET = readRoute('export', async (query, { requestId }) => {
  const actor = await requireStaff('exportPeople')
  const t = await getTranslations('staff.exports.refused')
  const format = formats.safeParse(readOne(query, 'format'))
  if (!format.success) return refuseDownload(t('format'))
  const selection = parseSelection(query)
  if (!selection) return refuseDownload(t('filter'))
  const asked = { selection, scopes: await listAskable(), format: format.data }
  const file = await exportPeople(actor, asked, { locale: await getLanguage(), requestId })
  return answerDownload('people', format.data, file)
})

/** What a file is, and none is made. */
export const HEAD = readRoute('none', async (query) => {
  await requireStaff('exportPeople')
  const format = formats.safeParse(readOne(query, 'format'))
  return format.success ? download('people', format.data, null) : refuseDownload('')
})
