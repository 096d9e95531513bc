import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { isInNetworks } from '@/lib/systems/network'

export type Guard = {
  /** Networks that are reached although they are private, in CIDR notation. */
  allowed: readonly string[]
  resolve?: (host: string) => Promise<string[]>
}

const resolveHost = async (host: string) => (await lookup(host, { all: true })).map(({ address }) => address)

/** Whether the address is on the internet, or in one of the networks: not private, loopback, link-local or reserved. */
export function isReachable(address: string, allowed: readonly string[]): boolean {
  if (!isIP(address)) return false
  const parsed = ipaddr.process(address)
  return parsed.range() === 'unicast' || isInNetworks(parsed.toString(), allowed)
}

/**
 * The address to connect to. Who connects uses it and does not look the name up again, so that a second answer changes
 * nothing. Null if any address of the host may not be reached.
 */
export async function findAddress(host: string, { allowed, resolve = resolveHost }: Guard): Promise<string | null> {
  const bare = host.replace(/^\[(.*)\]$/, '$1')
  const addresses = isIP(bare) ? [bare] : await resolve(bare)
  return addresses.every((address) => isReachable(address, allowed)) ? (addresses[0] ?? null) : null
}

const lookUpMs = 2_000

/** Whether the host of a webhook is known to lead to an address that is never reached. Nothing is known of a name that is not found in time. */
export async function isKnownPrivate(host: string, guard: Guard): Promise<boolean> {
  const late = new Promise<undefined>((resolve) => {
    setTimeout(resolve, lookUpMs, undefined).unref()
  })
  const address = await Promise.race([findAddress(host, guard).catch(() => undefined), late])
  return address === null
}
