import { createServer, type Socket } from 'node:net'

type Message = { uid: number; raw: Buffer; flags: Set<string> }

export type ImapServer = {
  /** For `MAIL_BOUNCE_URL`. */
  url: string
  messages: Message[]
  add(raw: string): void
  /** What was asked for, without the line with the password. */
  commands: string[]
  /** The next fetch gets no answer: the connection is cut. */
  cutAtFetch(): void
  stop(): Promise<void>
}

const password = 'a mailbox/for bounces'

/**
 * As much of IMAP4rev1 (https://www.rfc-editor.org/rfc/rfc3501) as a client needs to read one mailbox and mark what it
 * has read: over TCP, with literals.
 */
export async function startImapServer(): Promise<ImapServer> {
  const messages: Message[] = []
  const commands: string[] = []
  const sockets = new Set<Socket>()
  let cut = false
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
    const send = (...lines: string[]) => socket.write(lines.map((line) => `${line}\r\n`).join(''))
    const answer = (line: string) => {
      const [, tag = '*', command = '', rest = ''] = /^(\S+) (UID \w+|\w+) ?(.*)$/i.exec(line) ?? []
      const name = command.toUpperCase()
      if (name !== 'LOGIN') commands.push(`${name} ${rest}`)
      const ok = (...lines: string[]) => send(...lines, `${tag} OK ${name} completed`)
      if (name === 'CAPABILITY') return ok('* CAPABILITY IMAP4rev1')
      if (name === 'LOGIN') {
        const good = rest === `"bounces" "${password}"` || rest === `bounces "${password}"`
        return good ? ok() : send(`${tag} NO [AUTHENTICATIONFAILED] ${line}`)
      }
      if (name === 'LIST' || name === 'LSUB') return ok(`* ${name} () "/" INBOX`)
      if (name === 'SELECT' || name === 'EXAMINE') {
        const uid = (messages.at(-1)?.uid ?? 0) + 1
        return ok(
          `* ${messages.length} EXISTS`,
          '* 0 RECENT',
          '* FLAGS (\\Seen \\Deleted)',
          '* OK [PERMANENTFLAGS (\\Seen \\Deleted)] Flags',
          '* OK [UIDVALIDITY 1] UIDs',
          `* OK [UIDNEXT ${uid}] Next`,
        )
      }
      if (name === 'UID SEARCH') {
        const unseen = messages.filter(({ flags }) => !flags.has('\\Seen'))
        return ok(`* SEARCH ${unseen.map(({ uid }) => uid).join(' ')}`)
      }
      if (name === 'UID FETCH') return fetch(rest, ok)
      if (name === 'UID STORE') {
        const [, uid, flags = ''] = /^(\d+) \+FLAGS(?:\.SILENT)? \(([^)]*)\)/.exec(rest) ?? []
        const message = messages.find((one) => one.uid === Number(uid))
        for (const flag of flags.split(' ')) message?.flags.add(flag)
        return ok()
      }
      if (name === 'LOGOUT') {
        send('* BYE')
        ok()
        return socket.end()
      }
      return ok()
    }
    const fetch = (rest: string, ok: () => void) => {
      if (cut) {
        cut = false
        return socket.destroy()
      }
      const message = messages.find(({ uid }) => uid === Number.parseInt(rest, 10))
      const [, start, length] = /BODY\.PEEK\[\]<(\d+)\.(\d+)>/.exec(rest) ?? []
      if (message && length) {
        const part = message.raw.subarray(Number(start), Number(start) + Number(length))
        socket.write(
          `* ${messages.indexOf(message) + 1} FETCH (UID ${message.uid} BODY[]<${start}> {${part.length}}\r\n`,
        )
        socket.write(part)
        send(')')
      }
      ok()
    }
    let received = ''
    socket.on('data', (part) => {
      received += part.toString('latin1')
      for (let at = received.indexOf('\r\n'); at >= 0; at = received.indexOf('\r\n')) {
        const line = received.slice(0, at)
        received = received.slice(at + 2)
        answer(line)
      }
    })
    send('* OK [CAPABILITY IMAP4rev1] ready')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('The mailbox has no port')
  return {
    url: `imap://bounces:${encodeURIComponent(password)}@127.0.0.1:${address.port}`,
    messages,
    commands,
    add: (raw) => messages.push({ uid: (messages.at(-1)?.uid ?? 100) + 1, raw: Buffer.from(raw), flags: new Set() }),
    cutAtFetch: () => {
      cut = true
    },
    stop: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
