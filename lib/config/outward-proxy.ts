/**
 * Returns null for a direct connection. Plain http never uses a proxy, as it stays on this machine. `exceptions` is
 * `NO_PROXY`: `*`, or hosts with their subdomains, separated by commas or spaces. A leading `.` or `*.` and a port are
 * optional.
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
