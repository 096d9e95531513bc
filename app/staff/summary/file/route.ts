import { stringify } from 'csv-stringify/sync'
import { getTranslations } from 'next-intl/server'
import { requireStaff } from '@/lib/auth/gates'
import { refuseDownload } from '@/lib/http/download'
import { readRoute } from '@/lib/http/route'
import { readOne } from '@/lib/list/search'
import { getSummary } from '@/lib/people/summary'
import { smallestGroup } from '@/lib/people/units'

/** The summary as a file for spreadsheets: the figures of the page, and no more than they say. */
export const GET = readRoute('export', async (query) => {
  const actor = await requireStaff('seeOverview')
  const t = await getTranslations('staff.summary')
  const department = readOne(query, 'department')
  const summary = await getSummary(actor, department)
  if (!summary) return refuseDownload(t('tooFew', { count: smallestGroup }))
  const rows = [
    { group: 'all', name: department ?? '', ...summary.all },
    ...summary.kinds.map(({ kind, ...share }) => ({ group: 'kind', name: kind, ...share })),
    ...summary.units.map(({ path, people, connected }) => ({
      group: 'department',
      name: path ?? '',
      people,
      connected,
    })),
  ].map(({ group, name, people, connected }) => ({
    group,
    name,
    people,
    connected,
    percent: people > 0 ? Math.round((1_000 * connected) / people) / 10 : '',
    at: summary.at.toISOString(),
  }))
  const columns = ['group', 'name', 'people', 'connected', 'percent', 'at']
  // Excel reads UTF-8 only with a byte order mark, and a name is no formula.
  const text = stringify(rows, { columns, header: true, bom: true, record_delimiter: 'windows', escape_formulas: true })
  return new Response(text, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8; header=present',
      'Content-Disposition': `attachment; filename="coverage-${summary.at.toISOString().slice(0, 10)}.csv"`,
      'Cache-Control': 'no-store',
    },
  })
})
