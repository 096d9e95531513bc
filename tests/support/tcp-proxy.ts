import { connect, createServer, type Socket } from 'node:net'

export type TcpProxy = {
  port: number
  down(): void
  up(): void
  /** New connections go to another server; those that are open stay. */
  turnTo(port: number): void
  close(): Promise<void>
}

/** Stands in front of a server on this machine. While it is down, connections are cut and new ones are refused. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const open = new Set<Socket>()
  let isDown = false
  let current = targetPort
  const server = createServer((client) => {
    if (isDown) return void client.resetAndDestroy()
    const target = connect(current, '127.0.0.1')
    for (const [from, to] of [
      [client, target],
      [target, client],
    ] as const) {
      open.add(from)
      from.on('error', () => to.destroy())
      from.on('close', () => {
        open.delete(from)
        to.destroy()
      })
      from.pipe(to)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('The proxy has no port')
  const cutAll = () => {
    for (const socket of open) socket.resetAndDestroy()
  }
  return {
    port: address.port,
    down: () => {
      isDown = true
      cutAll()
    },
    turnTo: (port) => {
      current = port
    },
    up: () => {
      isDown = false
    },
    close: () => {
      cutAll()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
