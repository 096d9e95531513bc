import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import type { ConnectionOptions } from 'node:tls'

/** libpq's modes (https://www.postgresql.org/docs/current/libpq-ssl.html), weakest first. */
const sslModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const
export type SslMode = (typeof sslModes)[number]

const fileParameters = ['sslrootcert', 'sslcert', 'sslkey'] as const

/** Read here, so that the driver, which understands them otherwise, does not see them. */
const tlsParameters = [...fileParameters, 'sslmode', 'ssl', 'sslnegotiation', 'uselibpqcompat']

export type DatabaseAddress = {
  /** The URL without its TLS parameters. */
  connectionString: string
  sslMode: SslMode
  /** Options of Node's TLS; null for `disable` and sockets. */
  tls: ConnectionOptions | null
  /** A file of authorities; null for Node's own list. */
  authorities: string | null
  /** The client's certificate and its key, where the URL names them. */
  ownFiles: { sslcert?: string; sslkey?: string }
}

/** Takes a `postgresql://` URL apart as libpq would. Returns the fault, without any value, if it cannot be used. */
export function parseDatabaseUrl(text: string): DatabaseAddress | { fault: string } {
  const fault = (sentence: string) => ({ fault: sentence })
  if (!/^postgres(ql)?:\/\//.test(text)) return fault('does not begin with postgresql://')
  const [address = '', query = ''] = text.split(/\?(.*)/s)
  if (text.includes('#')) return fault('has a #: write it as %23')
  if (!isAddress(address)) return fault('is not an address: write signs of the password such as / @ : as %2F %40 %3A')
  // libpq takes a plus for a plus.
  const parameters = new URLSearchParams(query.replaceAll('+', '%2B'))
  // libpq takes the last one and the driver may take another: nobody means both.
  const twice = tlsParameters.find((name) => parameters.getAll(name).length > 1)
  if (twice) return fault(`has ${twice} twice`)
  const sslMode = readSslMode(parameters)
  if (!sslMode) return fault(`has an sslmode that is none of ${sslModes.join(', ')}`)
  const rootFile = parameters.get('sslrootcert')
  if (rootFile === 'system' && sslMode !== 'verify-full')
    return fault('has sslrootcert=system, which needs sslmode=verify-full')
  if (parameters.has('sslcert') !== parameters.has('sslkey')) return fault('needs sslcert and sslkey, or neither')
  for (const name of fileParameters) {
    const unusable = findFileFault(name, parameters.get(name))
    if (unusable) return fault(unusable)
  }
  const isPlain = sslMode === 'disable' || isLocalSocket(address, parameters)
  const tls = isPlain ? null : toTls(sslMode, parameters)
  const [sslcert, sslkey] = ['sslcert', 'sslkey'].map((name) => parameters.get(name))
  const ownFiles = sslcert && sslkey ? { sslcert, sslkey } : {}
  for (const name of tlsParameters) parameters.delete(name)
  const rest = parameters.size > 0 ? `?${String(parameters).replaceAll('+', '%20')}` : ''
  const authorities = rootFile === 'system' ? null : rootFile
  return { connectionString: address + rest, sslMode, tls, authorities, ownFiles }
}

/** A URL has no user without a host; libpq takes that for a local socket. */
const isAddress = (address: string) => URL.canParse(address.replace('@/', '@host/'))

/** libpq does not encrypt a socket of this machine. */
const isLocalSocket = (address: string, parameters: URLSearchParams) =>
  /\/\/([^/]*@)?%2f/i.test(address) || Boolean(parameters.get('host')?.startsWith('/'))

function readSslMode(parameters: URLSearchParams): SslMode | undefined {
  const fallback = parameters.get('sslrootcert') === 'system' ? 'verify-full' : 'prefer'
  // As libpq does for JDBC's sake.
  const wanted = parameters.get('sslmode') ?? (parameters.get('ssl') === 'true' ? 'require' : fallback)
  return sslModes.find((mode) => mode === wanted)
}

function findFileFault(name: (typeof fileParameters)[number], file: string | null): string | null {
  if (file === null || (name === 'sslrootcert' && file === 'system')) return null
  // The built portal works in another folder than the one it was started in.
  if (!isAbsolute(file)) return `has ${name} with a path that is not absolute`
  try {
    const content = readFileSync(file)
    if (name !== 'sslkey') new X509Certificate(content)
    return null
  } catch (error) {
    const isUnreadable = (error as NodeJS.ErrnoException).syscall !== undefined
    return `has ${name} with a file that ${isUnreadable ? 'cannot be read' : 'holds no certificate in PEM'}`
  }
}

function toTls(sslMode: SslMode, parameters: URLSearchParams): ConnectionOptions {
  const read = (name: string) => {
    const file = parameters.get(name)
    return file && file !== 'system' ? readFileSync(file, 'utf8') : undefined
  }
  const [ca, cert, key] = fileParameters.map(read)
  return {
    ...(ca ? { ca } : {}),
    ...(cert && key ? { cert, key } : {}),
    // libpq checks the certificate as soon as it has authorities to check it against.
    rejectUnauthorized: Boolean(ca) || sslMode.startsWith('verify-'),
    ...(sslMode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
  }
}
