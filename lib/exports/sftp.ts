import 'server-only'
import { createHash, timingSafeEqual } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import ssh2, { type SFTPWrapper } from 'ssh2'
import type { Destination } from '@/lib/exports/destination'
import { DeliveryError } from '@/lib/exports/plan'

export type SftpServer = {
  host: string
  port: number
  username: string
  path: string
  /** Null before an administrator confirmed one. */
  hostKey: string | null
  privateKey: string
}

const connectMs = 20_000
/** Without an answer for so long, a connection is over. */
const keepAliveMs = 15_000
const keepAlivesMissedMax = 4

/** An Ed25519 key pair. The public part is a line of `authorized_keys`. */
export function makeKeyPair(comment: string): { privateKey: string; publicKey: string } {
  for (;;) {
    const made = ssh2.utils.generateKeyPairSync('ed25519', { comment })
    // ssh2 writes one in 256 keys too short, because it cuts the zero with which the public part begins.
    if (!(ssh2.utils.parseKey(made.private) instanceof Error))
      return { privateKey: made.private, publicKey: made.public }
  }
}

/** As OpenSSH prints it. */
const fingerprint = (key: Buffer) => `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`

const isEqual = (one: string, other: string) =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))

/**
 * Signs in by our key, if the server shows the host key that was confirmed. `onHostKey` is told which one it showed.
 *
 * @throws DeliveryError
 */
export async function openSftp(server: SftpServer, onHostKey: (key: string) => void): Promise<Destination> {
  const client = new ssh2.Client()
  const sftp = await connect(client, server, onHostKey).catch((error) => {
    client.destroy()
    throw error
  })
  const at = (name: string) => `${server.path.replace(/\/+$/, '')}/${name}`
  return {
    async write(name, file) {
      const temporary = at(`.${name}.part`)
      let breakOff: () => void = () => undefined
      const isBroken = new Promise<never>((_, reject) => {
        breakOff = () => reject(new DeliveryError('broken_off'))
      })
      client.on('close', breakOff)
      isBroken.catch(() => undefined)
      try {
        const written = pipeline(Readable.from(file), sftp.createWriteStream(temporary, { mode: 0o640 }))
        await Promise.race([written, isBroken])
        await Promise.race([replace(sftp, temporary, at(name)), isBroken])
      } catch (error) {
        sftp.unlink(temporary, () => undefined)
        throw toDeliveryError(error)
      } finally {
        client.removeListener('close', breakOff)
      }
    },
    close: () => {
      client.end()
      // A server may never answer a goodbye.
      setTimeout(() => client.destroy(), 2_000).unref()
    },
  }
}

function connect(client: ssh2.Client, server: SftpServer, onHostKey: (key: string) => void): Promise<SFTPWrapper> {
  return new Promise((resolve, reject) => {
    let hostKeyFault: DeliveryError | undefined
    const fail = (cause: Error & { level?: string }) =>
      reject(
        hostKeyFault ??
          new DeliveryError(cause.level === 'client-authentication' ? 'signing_in' : 'unreachable', { cause }),
      )
    client.on('error', fail)
    client.on('close', () => fail(new Error('The connection was closed')))
    client.on('ready', () =>
      client.sftp((error, sftp) => {
        if (error) return fail(error)
        sftp.on('error', () => undefined)
        sftp.stat(server.path, (missing) => {
          if (missing) reject(new DeliveryError('path', { cause: missing }))
          else resolve(sftp)
        })
      }),
    )
    client.connect({
      host: server.host,
      port: server.port,
      username: server.username,
      privateKey: server.privateKey,
      readyTimeout: connectMs,
      keepaliveInterval: keepAliveMs,
      keepaliveCountMax: keepAlivesMissedMax,
      hostVerifier: (key: Buffer) => {
        const shown = fingerprint(key)
        onHostKey(shown)
        if (server.hostKey && isEqual(server.hostKey, shown)) return true
        hostKeyFault = new DeliveryError(server.hostKey ? 'host_key_changed' : 'host_key_new')
        return false
      },
    })
  })
}

/** SFTP's own rename refuses a name that is there; OpenSSH's replaces it at once. */
async function replace(sftp: SFTPWrapper, from: string, to: string): Promise<void> {
  try {
    return await promisify(sftp.ext_openssh_rename.bind(sftp))(from, to)
  } catch {
    // The server does not know it.
  }
  const plain = promisify(sftp.rename.bind(sftp))
  try {
    await plain(from, to)
  } catch {
    await promisify(sftp.unlink.bind(sftp))(to)
    await plain(from, to)
  }
}

/** Errors of SFTP have its status code; 2 to 4 are about the file. */
function toDeliveryError(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return typeof code === 'number' ? new DeliveryError('path', { cause: error }) : error
}
