import { getTranslations } from 'next-intl/server'
import { requireStaff } from '@/lib/auth/gates'
import { exportResearchers } from '@/lib/exports/commands'
import { type ExportFormat, exportFormats } from '@/lib/exports/export'
import { readRoute } from '@/lib/http/route'
import { refuseTooMany } from '@/lib/http/too-many'
import { parseListFilters } from '@/lib/researchers/schema'

const types: Record<ExportFormat, string> = {
  csv: 'text/csv; charset=utf-8; header=present',
  json: 'application/json; charset=utf-8',
}

/** The list as filtered, as a file that is written while it is read. */
export const GET = readRoute(async (query, { request, requestId }) => {
  const actor = await requireStaff('manager')
  const tooMany = await refuseTooMany(request, 'export', actor.staffId)
  if (tooMany) return tooMany
  const t = await getTranslations('staff.export')
  const format = exportFormats.find((known) => known === query.get('format'))
  if (!format) return refusal(t('format'))
  const { filters, notices } = parseListFilters(query)
  // On a page a notice can say that a filter was left out; a file with too many people in it says nothing.
  if (notices.some((name) => name !== 'cursor' && name !== 'sort')) return refusal(t('filter'))
  const day = new Date().toISOString().slice(0, 10)
  return new Response(toStream(exportResearchers(actor, filters, format, requestId)), {
    headers: {
      'Content-Type': types[format],
      'Content-Disposition': `attachment; filename="researchers-${day}.${format}"`,
      'Cache-Control': 'no-store',
    },
  })
})

function refusal(sentence: string): Response {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' }
  return new Response(`${sentence}\n`, { status: 400, headers })
}

/** Asks for the next part when the last one is on its way; a browser that goes away ends the export. */
function toStream(parts: AsyncGenerator<string, void, undefined>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await parts.next()
        if (done) controller.close()
        else controller.enqueue(encoder.encode(value))
      },
      async cancel() {
        await parts.return()
      },
    },
    { highWaterMark: 0 },
  )
}
