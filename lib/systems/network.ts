import { BlockList, isIP } from 'node:net'

/** Addresses of version 6 are known by their /64 network alone. */
const bitsMax = { 4: 32, 6: 64 } as const

type Network = { address: string; bits: number; family: 'ipv4' | 'ipv6' }

/** Reads `192.0.2.0/24`, `2001:db8::/48` or an address of version 4. Returns null for anything else. */
export function parseNetwork(text: string): Network | null {
  const [address = '', bits, ...more] = text.split('/')
  const version = isIP(address)
  if (more.length > 0 || (version !== 4 && version !== 6)) return null
  if (bits === undefined) return version === 4 ? { address, bits: 32, family: 'ipv4' } : null
  if (!/^\d{1,2}$/.test(bits) || Number(bits) > bitsMax[version]) return null
  return { address, bits: Number(bits), family: version === 4 ? 'ipv4' : 'ipv6' }
}

/** Whether an address, as `findClientAddress` gives it, is in one of the networks. */
export function isInNetworks(address: string, networks: readonly string[]): boolean {
  const list = new BlockList()
  for (const text of networks) {
    const network = parseNetwork(text)
    if (network) list.addSubnet(network.address, network.bits, network.family)
  }
  const [alone = ''] = address.split('/')
  return list.check(alone, isIP(alone) === 6 ? 'ipv6' : 'ipv4')
}
