import 'server-only'

const types = {
  csv: 'text/csv; charset=utf-8; header=present',
  json: 'application/json; charset=utf-8',
}

/** A file that is written while it is read, named after what it holds and the day. */
export function download(
  name: string,
  format: keyof typeof types,
  parts: AsyncGenerator<string, void, undefined>,
): Response {
  const day = new Date().toISOString().slice(0, 10)
  return new Response(toStream(parts), {
    headers: {
      'Content-Type': types[format],
      'Content-Disposition': `attachment; filename="${name}-${day}.${format}"`,
      'Cache-Control': 'no-store',
    },
  })
}

/** Says in a sentence why there is no file. */
export function refuseDownload(sentence: string): Response {
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
