import { randomUUID } from 'node:crypto'
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { makeKeyPair } from '@/lib/exports/sftp'

const { OPEN_MODE: _mode, STATUS_CODE } = ssh2.utils.sftp

/** An SSH server with a folder, in which SFTP works as far as we use it. Its host key can be changed. */
export async function startSftpServer() {
  const folder = mkdtempSync(join(tmpdir(), 'sftp-'))
  const makeHostKey = () => makeKeyPair('server').privateKey
  const settings = { hostKey: makeHostKey(), allowedKey: '', breaksAfterBytes: Number.POSITIVE_INFINITY }
  let server: ssh2.Server
  let port = 0
  const clients = new Set<ssh2.Connection>()

  const listen = () =>
    new Promise<void>((resolve) => {
      server = new ssh2.Server({ hostKeys: [settings.hostKey] }, serve)
      server.listen(port, '127.0.0.1', () => {
        port = (server.address() as AddressInfo).port
        resolve()
      })
    })
  const stop = () =>
    new Promise<void>((resolve) => {
      for (const client of clients) client.end()
      server.close(() => resolve())
    })

  function serve(client: ssh2.Connection) {
    clients.add(client)
    client.on('error', () => undefined)
    client.on('close', () => clients.delete(client))
    client.on('authentication', (context) => {
      const isOurs =
        context.method === 'publickey' &&
        settings.allowedKey.split(' ')[1] === context.key.data.toString('base64') &&
        (!context.signature || isSigned(context, settings.allowedKey))
      if (isOurs) context.accept()
      else context.reject(['publickey'])
    })
    client.on('ready', () =>
      client.on('session', (accept) => accept().on('sftp', (acceptSftp) => serveFiles(client, acceptSftp()))),
    )
  }

  function serveFiles(client: ssh2.Connection, sftp: ssh2.SFTPWrapper) {
    const files = new Map<string, number>()
    const at = (path: string) => join(folder, path.replace('/upload', ''))
    let bytes = 0
    const answer = (id: number, work: () => void) => {
      try {
        work()
        sftp.status(id, STATUS_CODE.OK)
      } catch {
        sftp.status(id, STATUS_CODE.FAILURE)
      }
    }
    sftp.on('STAT', (id, path) => {
      try {
        const { mode, uid, gid, size, atimeMs, mtimeMs } = statSync(at(path))
        sftp.attrs(id, { mode, uid, gid, size, atime: atimeMs / 1_000, mtime: mtimeMs / 1_000 })
      } catch {
        sftp.status(id, STATUS_CODE.NO_SUCH_FILE)
      }
    })
    sftp.on('OPEN', (id, path) => {
      const handle = Buffer.from(randomUUID())
      files.set(handle.toString(), openSync(at(path), 'w'))
      sftp.handle(id, handle)
    })
    sftp.on('FSETSTAT', (id) => sftp.status(id, STATUS_CODE.OK))
    sftp.on('WRITE', (id, handle, offset, data) => {
      bytes += data.length
      if (bytes > settings.breaksAfterBytes) return client.end()
      answer(id, () => writeSync(files.get(handle.toString()) ?? -1, data, 0, data.length, Number(offset)))
    })
    sftp.on('CLOSE', (id, handle) => answer(id, () => closeSync(files.get(handle.toString()) ?? -1)))
    sftp.on('RENAME', (id, from, to) => answer(id, () => renameSync(at(from), at(to))))
    sftp.on('REMOVE', (id, path) => answer(id, () => rmSync(at(path))))
  }

  await listen()
  return {
    get port() {
      return port
    },
    settings,
    files: () => readdirSync(folder).sort(),
    read: (name: string) => readFileSync(join(folder, name)),
    async changeHostKey() {
      await stop()
      settings.hostKey = makeHostKey()
      await listen()
    },
    async close() {
      await stop()
      rmSync(folder, { recursive: true })
    },
  }
}

function isSigned(context: ssh2.PublicKeyAuthContext, line: string): boolean {
  const key = ssh2.utils.parseKey(line)
  if (key instanceof Error || !context.blob || !context.signature) return false
  return key.verify(context.blob, context.signature, context.hashAlgo) === true
}
