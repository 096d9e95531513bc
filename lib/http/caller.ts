import 'server-only'
import { isIP } from 'node:net'
import { env } from '@/lib/config/env'

/**
 * The address that a request came from, as far as it can be known; null when it cannot, and all callers are one.
 *
 * Next.js gives a handler no socket. It copies the socket's address into `X-Forwarded-For` only where a request has no
 * such header, and passes on what a client has written into it (next/dist/server/base-server.js, `??=`). So the header
 * is read only as far as proxies of ours wrote it: each appends the address that it was called from, and with n of them
 * the n-th entry from the right is the first that nobody outside could write.
 */
export function findCaller(headers: Headers): string | null {
  return readForwardedFor(headers.get('x-forwarded-for'), env().trustedProxies)
}

/** The caller's address in an `X-Forwarded-For` that went through `proxies` proxies; an IPv6 one as its /64 network. */
export function readForwardedFor(header: string | null, proxies: number): string | null {
  if (proxies === 0 || !header) return null
  const address = bare(header.split(',').at(-proxies)?.trim() ?? '')
  switch (isIP(address)) {
    case 4:
      return address
    case 6:
      return network64(address)
    default:
      return null
  }
}

/** Without a port, and without the brackets that go with one. */
function bare(entry: string): string {
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(entry)?.[1]
  if (bracketed) return bracketed
  const withPort = /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(entry)?.[1]
  return withPort ?? entry
}

/** One subscriber has a whole /64, so its addresses count as one. An IPv4 address in IPv6 clothes is that IPv4 address. */
function network64(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped) return mapped
  const [head = '', tail] = (address.split('%')[0] ?? '').toLowerCase().split('::')
  const groups = head === '' ? [] : head.split(':')
  if (tail !== undefined) {
    const after = tail === '' ? [] : tail.split(':')
    while (groups.length + after.length < 8) groups.push('0')
    groups.push(...after)
  }
  const significant = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16))
  return `${significant.join(':')}::/64`
}
