import { Socket } from 'node:net'
import pg from 'pg'
import { type DatabaseAddress, parseDatabaseUrl } from '@/lib/config/database-url'

/**
 * A client for a `postgresql://` URL, not yet connected. Its `sslmode` means what it means to libpq.
 *
 * @throws Error with the fault of the URL, which repeats no part of it
 */
export function databaseClient(url: string, options: pg.ClientConfig = {}): pg.Client {
  return new DatabaseClient({ ...options, address: addressOf(url) })
}

/** A pool of such clients. @throws as `databaseClient` */
export function databasePool(url: string, options: pg.PoolConfig = {}): pg.Pool {
  return new pg.Pool({ ...options, address: addressOf(url), Client: DatabaseClient } as pg.PoolConfig)
}

/** Asks for what is the same for two addresses of one database, also where a pooler has another name for it. */
export const databaseIdentity =
  'SELECT current_database() AS name, extract(epoch FROM pg_postmaster_start_time()) AS started'

function addressOf(url: string): DatabaseAddress {
  const address = parseDatabaseUrl(url)
  if ('fault' in address) throw new Error(`The address of the database ${address.fault}`)
  return address
}

type Config = pg.ClientConfig & { address: DatabaseAddress }

class DatabaseClient extends pg.Client {
  constructor({ address: { connectionString, tls, sslMode }, ...options }: Config = {} as Config) {
    const config = { ...options, connectionString, ssl: tls ?? false }
    const connection = new DatabaseConnection(config, tls ? sslMode : 'disable')
    super({ ...config, connection } as pg.ClientConfig)
  }
}

type Tls = pg.ClientConfig['ssl']
type Target = [port: number, host: string]

/** The driver's class with the members that its type leaves out. */
interface DriverConnection extends Omit<pg.Connection, 'stream' | 'emit'> {
  emit(event: string | symbol, ...values: unknown[]): boolean
  ssl: Tls
  stream: Socket
  _ending: boolean
  connect(...target: Target): void
  requestSsl(): void
  attachListeners(stream: Socket): void
}
const DriverConnection = pg.Connection as unknown as new (config: pg.ClientConfig) => DriverConnection

/**
 * Adds to the driver libpq's fallbacks: `prefer` from TLS to none, `allow` the other way, each on a new socket. What is
 * no PostgreSQL at all ends the connection, where the driver would end the process.
 */
class DatabaseConnection extends DriverConnection {
  private fallback: { ssl: Tls } | null = null
  private connected: { target: Target; socket: Socket } | null = null

  constructor(config: pg.ClientConfig, sslMode: DatabaseAddress['sslMode']) {
    super(config)
    if (sslMode === 'prefer') this.fallback = { ssl: false }
    if (sslMode !== 'allow') return
    this.fallback = { ssl: config.ssl }
    this.ssl = false
  }

  override connect(...target: Target): void {
    const socket = this.stream
    super.connect(...target)
    this.once('connect', () => {
      this.connected = { target, socket }
    })
  }

  /** The client asks for TLS whenever its configuration has some. */
  override requestSsl(): void {
    if (this.ssl) super.requestSsl()
    else this.emit('sslconnect')
  }

  override attachListeners(stream: Socket): void {
    super.attachListeners(stream)
    const read = stream.listeners('data').at(-1) as (bytes: Buffer) => void
    stream.off('data', read).on('data', (bytes) => {
      try {
        read(bytes)
      } catch (error) {
        stream.destroy(error as Error)
      }
    })
  }

  override emit(event: string | symbol, ...values: unknown[]): boolean {
    // The driver sets `_ending` before it gives up at its timeout, which a second try would outlast.
    if (this.fallback && this.connected && !this._ending) {
      if (event === 'errorMessage' || (event === 'error' && this.ssl)) return this.fallBack(this.fallback.ssl)
      // The server has agreed to this kind of connection.
      if (String(event).startsWith('authentication')) this.fallback = null
    }
    return super.emit(event, ...values)
  }

  private fallBack(ssl: Tls): true {
    const { target = [], socket } = this.connected ?? {}
    for (const stream of [this.stream, socket])
      stream
        ?.removeAllListeners()
        .on('error', () => undefined)
        .destroy()
    this.fallback = null
    this.stream = new Socket()
    this.ssl = ssl
    super.connect(...(target as Target))
    return true
  }
}
