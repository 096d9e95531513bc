/**
 * The proxy on the way to an address, or null for the direct way. Proxies are for https only: what is not encrypted
 * stays on this machine. `exceptions` is what `NO_PROXY` says: hosts with everything below them, with or without a dot
 * or `*.` before and a port behind, separated by commas or spaces; `*` is all.
 */
export function proxyFor(address: string, proxy: string | undefined, exceptions: string): string | null {
  if (!proxy || !URL.canParse(address)) return null
  const { protocol, hostname, port } = new URL(address)
  if (protocol !== 'https:') return null
  const isException = exceptions
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => {
      if (entry === '*') return true
      const [, host = '', itsPort] = /^(?:\*?\.)?(.*?)(?::(\d+))?$/.exec(entry) ?? []
      if (itsPort && itsPort !== (port || '443')) return false
      return host !== '' && (hostname === host || hostname.endsWith(`.${host}`))
    })
  return isException ? null : proxy
}
