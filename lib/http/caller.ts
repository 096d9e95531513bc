import 'server-only'
import { isIP } from 'node:net'
import { env } from '@/lib/config/env'

/**
 * Returns the client's address, or null if unknown. Next.js exposes no socket and passes on an `X-Forwarded-For` from
 * the client (next/dist/server/base-server.js, `??=`). With n proxies of ours, only the last n entries are trustworthy.
 */
export function findClientAddress(headers: Headers): string | null {
  return readForwardedFor(headers.get('x-forwarded-for'), env().trustedProxies)
}

/** Returns an IPv4 address or an IPv6 /64 network. */
export function readForwardedFor(header: string | null, proxies: number): string | null {
  if (proxies === 0 || !header) return null
  const address = stripPort(header.split(',').at(-proxies)?.trim() ?? '')
  switch (isIP(address)) {
    case 4:
      return address
    case 6:
      return network64(address)
    default:
      return null
  }
}

/** Strips the port and brackets. */
function stripPort(entry: string): string {
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(entry)?.[1]
  if (bracketed) return bracketed
  const withPort = /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(entry)?.[1]
  return withPort ?? entry
}

/** One subscriber has a whole /64. An IPv4-mapped address counts as IPv4. */
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
