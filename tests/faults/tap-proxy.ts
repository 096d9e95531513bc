import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** One connection through the proxy. What arrives from either side waits its turn and is passed on by the tap. */
export type Link = {
  toServer(bytes: Uint8Array): void
  toClient(bytes: Uint8Array): void
  /** Both sides see a reset. */
  reset(): void
  /** Nothing arrives any more, in either direction, and nobody is told. */
  blackhole(): void
}

/** Sees every piece and decides what becomes of it: passing it on is the tap's own doing. */
export type Tap = {
  sent(bytes: Buffer): Promise<void> | void
  answered(bytes: Buffer): Promise<void> | void
  /** The server has said everything. */
  finished?(): Promise<void> | void
}

export type TapProxy = {
  port: number
  /** Cuts what is open and resets what comes. */
  down(): void
  up(): void
  /** Nobody listens on the port for a while: connections are refused. */
  refuse(ms: number): Promise<void>
  close(): Promise<void>
}

/** Stands in front of a server on this machine, and lets a tap look at and meddle with every connection. */
export async function startTapProxy(port: number, targetPort: number, makeTap: (link: Link) => Tap): Promise<TapProxy> {
  const open = new Set<Socket>()
  let isDown = false
  const server = createServer({ allowHalfOpen: true }, (client) => {
    if (isDown) return void client.resetAndDestroy()
    relay(client, connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true }), open, makeTap)
  })
  await listen(server, port)
  const cutAll = () => {
    for (const socket of open) socket.resetAndDestroy()
  }
  let refusing: Promise<void> | null = null
  const refuse = async (ms: number) => {
    server.close()
    await new Promise((resolve) => setTimeout(resolve, ms))
    await listen(server, port)
    refusing = null
  }
  return {
    port,
    down: () => {
      isDown = true
      cutAll()
    },
    up: () => {
      isDown = false
    },
    refuse: (ms) => {
      refusing ??= refuse(ms)
      return refusing
    },
    close: async () => {
      await refusing
      const closed = once(server, 'close')
      server.close()
      cutAll()
      await closed
    },
  }
}

function relay(client: Socket, target: Socket, open: Set<Socket>, makeTap: (link: Link) => Tap): void {
  let isHeld = false
  const write = (socket: Socket) => (bytes: Uint8Array) => {
    if (!isHeld && !socket.destroyed && socket.writable) socket.write(bytes)
  }
  const link: Link = {
    toServer: write(target),
    toClient: write(client),
    reset: () => {
      client.resetAndDestroy()
      target.resetAndDestroy()
    },
    blackhole: () => {
      isHeld = true
    },
  }
  const tap = makeTap(link)
  const pass = (from: Socket, to: Socket, see: (bytes: Buffer) => Promise<void> | void, atEnd?: Tap['finished']) => {
    let turn = Promise.resolve()
    // Whatever a tap throws ends its connection, and nothing else.
    const queue = (work: () => Promise<void> | void) => {
      turn = turn.then(work).catch(() => link.reset())
    }
    open.add(from)
    from.setNoDelay(true)
    from.on('data', (bytes) => queue(() => see(bytes)))
    from.on('end', () =>
      queue(async () => {
        await atEnd?.()
        if (!isHeld) to.end()
        else if (from === client) client.destroy()
      }),
    )
    from.on('error', () => undefined)
    from.on('close', (hadError) => {
      open.delete(from)
      if (hadError && !isHeld) to.destroy()
      // A server that goes away while the client is in the dark is not noticed; a client that goes away is.
      if (from === client) to.destroy()
    })
  }
  pass(client, target, (bytes) => tap.sent(bytes))
  pass(
    target,
    client,
    (bytes) => tap.answered(bytes),
    () => tap.finished?.(),
  )
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
}
