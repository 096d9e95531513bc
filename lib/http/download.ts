import 'server-only'
import type { Export } from '@/lib/exports/commands'
import type { ExportFormat } from '@/lib/exports/layout'
import { log } from '@/lib/log'

const types: Record<ExportFormat, string> = {
  csv: 'text/csv; charset=utf-8; header=present',
  json: 'application/json; charset=utf-8',
  jsonl: 'application/jsonl; charset=utf-8',
  ldif: 'text/x-ldif; charset=utf-8',
}

/** A file that is written while it is read, named after what it holds and the day. */
export function download(name: string, format: ExportFormat, file: Export): Response {
  const day = new Date().toISOString().slice(0, 10)
  return new Response(toStream(file), {
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
  const encoder = new TextEncoder()
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
          // Nobody of a batch may have a place in the file.
          if (value) return controller.enqueue(encoder.encode(value))
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
