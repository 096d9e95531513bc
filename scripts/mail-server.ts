import type { Socket } from 'node:net'
import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'

export type ReceivedMail = {
  /** Of the envelope. */
  to: string
  from: string
  subject: string
  html: string
  text: string
  /** By their names in small letters; a repeated one has its last value. */
  headers: Map<string, string>
  raw: Buffer
}

type Refusal = { responseCode: number; message: string }

export type MailServerOptions = {
  port?: number
  receive(mail: ReceivedMail): void
  /** Called at RCPT TO. What it returns refuses the address. */
  refuse?(to: string): Refusal | null
  /** True cuts the connection once the mail has been received, before it is answered. */
  drop?(to: string): boolean
  /** Before the answer to a mail. */
  delayMs?(): number
  /** With it the server is smtps. */
  tls?: { key: string; cert: string }
  login?: { user: string; password: string }
}

export type MailServer = { port: number; stop(): Promise<void> }

const bytesMax = 10 * 1024 * 1024

/** A mail server of this machine, which keeps each mail and passes none on. */
export async function startMailServer(options: MailServerOptions): Promise<MailServer> {
  const { receive, refuse, drop, delayMs, tls, login } = options
  const sockets = new Map<number, Socket>()
  const server = new SMTPServer({
    ...tls,
    secure: Boolean(tls),
    logger: false,
    disableReverseLookup: true,
    hideSTARTTLS: true,
    disabledCommands: login ? ['STARTTLS'] : ['STARTTLS', 'AUTH'],
    size: bytesMax,
    rejectOversized: true,
    closeTimeout: 1_000,
    onAuth({ username, password }, _session, done) {
      if (username === login?.user && password === login?.password) done(null, { user: username })
      else done(failure({ responseCode: 535, message: '5.7.8 Wrong user or password' }))
    },
    onRcptTo({ address }, _session, done) {
      const refusal = refuse?.(address)
      done(refusal ? failure(refusal) : null)
    },
    onData(stream, { envelope, remotePort }, done) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', async () => {
        const raw = Buffer.concat(parts)
        const parsed = await parse(raw).catch((error) => error as Error)
        if (parsed instanceof Error) return done(parsed)
        const from = envelope.mailFrom ? envelope.mailFrom.address : ''
        for (const { address: to } of envelope.rcptTo) receive({ ...parsed, to, from, raw })
        const wait = delayMs?.() ?? 0
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
        if (envelope.rcptTo.some(({ address }) => drop?.(address))) sockets.get(remotePort)?.destroy()
        else done(null, '2.0.0 Kept')
      })
    },
  })
  // A client that goes away amid a conversation is none of our faults.
  server.on('error', () => undefined)
  server.server.on('connection', (socket: Socket) => {
    const port = socket.remotePort ?? 0
    sockets.set(port, socket)
    socket.once('close', () => sockets.delete(port))
  })
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const address = server.server.address()
  if (typeof address !== 'object' || !address) throw new Error('The mail server has no port')
  const stop = async () => {
    const closed = new Promise<void>((resolve) => server.close(resolve))
    for (const socket of sockets.values()) socket.destroy()
    await closed
  }
  return { port: address.port, stop }
}

const failure = ({ responseCode, message }: Refusal) => Object.assign(new Error(message), { responseCode })

async function parse(raw: Buffer): Promise<Omit<ReceivedMail, 'to' | 'from' | 'raw'>> {
  const { subject = '', html = '', text = '', headers } = await PostalMime.parse(raw)
  return { subject, html, text, headers: new Map(headers.map(({ key, value }) => [key, value])) }
}
