import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

/** What the server does with a mail: `cut` ends the connection, a number is its answer. */
type Behaviour = 'accept' | 'cut' | { code: number; text: string }

type Options = {
  /** What it does at RCPT TO, by address. */
  atRecipient?: (address: string) => Behaviour | Promise<Behaviour>
  /** What it does when it has the whole mail: `cut` accepts it and says nothing. */
  atEnd?: (address: string) => Behaviour
  /** Before it answers to the whole mail. */
  delayMs?: number
  /** The only password that it takes. */
  password?: string
  /** Speaks TLS with this certificate: from the start, or after STARTTLS. */
  tls?: { key: string; cert: string; from: 'start' | 'starttls' }
}

export type Accepted = { to: string; from: string; messageId: string; raw: string }

/** An SMTP server on which faults can be had, besides the good one of `smtp-server.ts`. */
export async function startFaultySmtp(options: Options = {}) {
  const { atRecipient = () => 'accept', atEnd = () => 'accept', delayMs = 0, password, tls } = options
  const accepted: Accepted[] = []
  const open = new Set<string>()
  let mostOpen = 0
  const refuse = (how: Behaviour, cut: () => void): Error | null => {
    if (how === 'accept') return null
    if (how === 'cut') {
      cut()
      return new Error('cut')
    }
    return Object.assign(new Error(how.text), { responseCode: how.code })
  }
  const settings: SMTPServerOptions = {
    authOptional: !password,
    allowInsecureAuth: true,
    disabledCommands: [...(password ? [] : ['AUTH']), ...(tls?.from === 'starttls' ? [] : ['STARTTLS'])],
    secure: tls?.from === 'start',
    ...(tls ? { key: tls.key, cert: tls.cert } : {}),
    logger: false,
    onAuth: (auth, _session, done) =>
      auth.password === password ? done(null, { user: auth.username ?? '' }) : done(new Error('Wrong password')),
    onConnect: ({ id }, done) => {
      open.add(id)
      mostOpen = Math.max(mostOpen, open.size)
      done()
    },
    onClose: ({ id }) => void open.delete(id),
    disableReverseLookup: true,
    onRcptTo: async ({ address }, session, done) => done(refuse(await atRecipient(address), () => cut(session.id))),
    onData: (stream, session, done) => {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', async () => {
        const to = session.envelope.rcptTo[0]?.address ?? ''
        const from = session.envelope.mailFrom ? session.envelope.mailFrom.address : ''
        const raw = Buffer.concat(parts).toString()
        const how = atEnd(to)
        if (how === 'accept' || how === 'cut') {
          const messageId = /^Message-ID: (\S+)/im.exec(raw)?.[1] ?? ''
          accepted.push({ to, from, messageId, raw })
        }
        await sleep(delayMs)
        done(refuse(how, () => cut(session.id)))
      })
    },
  }
  const server = new SMTPServer(settings).on('error', () => undefined)
  const cut = (id: string) => {
    for (const connection of server.connections) {
      const { session, _socket } = connection as unknown as { session: { id: string }; _socket: { destroy(): void } }
      if (session.id === id) _socket.destroy()
    }
  }
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve))
  const { port } = server.server.address() as AddressInfo
  return {
    port,
    url: `smtp${tls?.from === 'start' ? 's' : ''}://${password ? `concord:${password}@` : ''}127.0.0.1:${port}`,
    accepted,
    /** The most connections at once since it was last asked. */
    takeMostOpen: () => {
      const most = mostOpen
      mostOpen = open.size
      return most
    },
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

export type FaultySmtp = Awaited<ReturnType<typeof startFaultySmtp>>
