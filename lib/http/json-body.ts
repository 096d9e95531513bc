import 'server-only'
import type { NextRequest } from 'next/server'
import limits from '@/lib/http/body-limits.json'

/** Reads a JSON body of a program. Null if it is none; stops at the limit, as `Content-Length` may be missing. */
export async function readJson(request: NextRequest): Promise<unknown> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of request.body ?? []) {
    bytes += part.byteLength
    if (bytes > limits.formBytesMax) return 'too_large'
    parts.push(part)
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'))
  } catch {
    return null
  }
}
