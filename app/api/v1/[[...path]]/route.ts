import type { NextRequest } from 'next/server'
import { handleApi } from '@/lib/api/handle'
import { makeReference } from '@/lib/crypto/secrets'
import limits from '@/lib/http/body-limits.json'
import { findClientAddress } from '@/lib/http/caller'
import { noteProxies } from '@/lib/http/proxies'

function handle(request: NextRequest): Promise<Response> {
  noteProxies(request.headers)
  const requestId = request.headers.get('x-request-id') ?? makeReference()
  const { bytesMax: bodyBytesMax } = limits.api
  return handleApi({ request, address: findClientAddress(request.headers), requestId, bodyBytesMax })
}

export {
  handle as DELETE,
  handle as GET,
  handle as HEAD,
  handle as OPTIONS,
  handle as PATCH,
  handle as POST,
  handle as PUT,
}
