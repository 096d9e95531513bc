import 'server-only'
import { getTranslations } from 'next-intl/server'
import type { Export, NoFile } from '@/lib/exports/commands'
import { type ExportFormat, extensionOf } from '@/lib/exports/format'
import { busyExportsPage } from '@/lib/http/plain-page'
import { log } from '@/lib/log'

const types: Record<ExportFormat, string> = {
  csv: 'text/csv; charset=utf-8; header=present',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  json: 'application/json; charset=utf-8',
  jsonl: 'application/jsonl; charset=utf-8',
  ldif: 'text/x-ldif; charset=utf-8',
  names: 'application/yaml; charset=utf-8',
}

/** Answers with the file, or says why there is none. */
export async function answerDownload(name: string, format: ExportFormat, file: Export | NoFile): Promise<Response> {
  if (file === 'busy') return busyExportsPage()
  if (file === 'too_many_rows') return refuseDownload((await getTranslations('staff.exports.refused'))('rows'))
  return download(name, format, file)
}

/** Streams the file while it is written. Without one, returns its headers only. */
export function download(name: string, format: ExportFormat, file: Export | null): Response {
  const day = new Date().toISOString().slice(0, 10)
  return new Response(file && toStream(file), {
    headers: {
      'Content-Type': types[format],
      'Content-Disposition': `attachment; filename="${name}-${day}.${extensionOf(format)}"`,
      'Cache-Control': 'no-store',
    },
  })
}

/** A plain sentence in place of a file. */
export function refuseDownload(sentence: string, status: 400 | 429 = 400): Response {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' }
  return new Response(`${sentence}\n`, { status, headers })
}

// Writes a part when the previous one was sent. A disconnect ends the export. An aborted export breaks the download, so
// nobody mistakes part of a file for all of it.
function toStream({ parts, stop }: Export): ReadableStream<Uint8Array> {
  const end = async () => {
    await parts.return().catch((error) => log().warn({ err: error }, 'failed to end an export'))
  }
  return new ReadableStream(
    {
      start(controller) {
        const abort = () => {
          controller.error(new Error('The export was cancelled'))
          void end()
        }
        stop.signal.addEventListener('abort', abort, { once: true })
      },
      async pull(controller) {
        for (;;) {
          const { done, value } = await parts.next()
          if (done) return controller.close()
          // A batch may be empty.
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
