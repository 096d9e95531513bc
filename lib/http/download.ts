import 'server-only'
import { getTranslations } from 'next-intl/server'
import type { Export, NoFile } from '@/lib/exports/commands'
import type { ExportFormat } from '@/lib/exports/format'
import { busyExportsPage } from '@/lib/http/plain-page'
import { log } from '@/lib/log'

const types: Record<ExportFormat, string> = {
  csv: 'text/csv; charset=utf-8; header=present',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  json: 'application/json; charset=utf-8',
  jsonl: 'application/jsonl; charset=utf-8',
  ldif: 'text/x-ldif; charset=utf-8',
}

/** The answer with a file, or in words why there is none. */
export async function answerDownload(name: string, format: ExportFormat, file: Export | NoFile): Promise<Response> {
  if (file === 'busy') return busyExportsPage()
  if (file === 'too_many_rows') return refuseDownload((await getTranslations('staff.exports.refused'))('rows'))
  return download(name, format, file)
}

/** A file that is written while it is read, named after what it holds and the day; without one, its headers. */
export function download(name: string, format: ExportFormat, file: Export | null): Response {
  const day = new Date().toISOString().slice(0, 10)
  return new Response(file && toStream(file), {
    headers: {
      'Content-Type': types[format],
      'Content-Disposition': `attachment; filename="${name}-${day}.${format}"`,
      'Cache-Control': 'no-store',
    },
  })
}

/** Says in a sentence why there is no file. */
export function refuseDownload(sentence: string, status: 400 | 429 = 400): Response {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' }
  return new Response(`${sentence}\n`, { status, headers })
}

/**
 * Asks for the next part when the last one is on its way. A browser that goes away ends the export; an export that is
 * ended breaks the download off, so that nobody takes what there is of it for the whole.
 */
function toStream({ parts, stop }: Export): ReadableStream<Uint8Array> {
  const end = async () => {
    await parts.return().catch((error) => log().warn({ err: error }, 'an export ended badly'))
  }
  return new ReadableStream(
    {
      start(controller) {
        const breakOff = () => {
          controller.error(new Error('The export was cancelled'))
          void end()
        }
        stop.signal.addEventListener('abort', breakOff, { once: true })
      },
      async pull(controller) {
        for (;;) {
          const { done, value } = await parts.next()
          if (done) return controller.close()
          // Nobody of a part may be there any more.
          if (value.length > 0) return controller.enqueue(value)
        }
      },
      async cancel() {
        stop.abort()
        await end()
      },
    },
    { highWaterMark: 0 },
  )
}
