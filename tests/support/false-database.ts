import { createServer, type Socket } from 'node:net'

export type FalseDatabase = {
  /** The address of a database there, without TLS parameters. */
  url: string
  port: number
  /** Has everybody who comes from now on met so. */
  answer(how: (client: Socket) => void): void
  close(): Promise<void>
}

/** An ErrorResponse of PostgreSQL (https://www.postgresql.org/docs/current/protocol-error-fields.html). */
export function errorResponse(state: string, message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${state}\0M${message}\0\0`)
  const head = Buffer.alloc(5)
  head.write('E')
  head.writeInt32BE(fields.length + 4, 1)
  return Buffer.concat([head, fields])
}

/** Listens where a database should, and answers otherwise than PostgreSQL would. */
export async function startFalseDatabase(how: (client: Socket) => void, port = 0): Promise<FalseDatabase> {
  let met = how
  const open = new Set<Socket>()
  const server = createServer((client) => {
    open.add(client)
    client.on('error', () => undefined).on('close', () => open.delete(client))
    met(client)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('The false database has no port')
  return {
    url: `postgresql://concord:geheim@127.0.0.1:${address.port}/concord`,
    port: address.port,
    answer: (next) => {
      met = next
      for (const socket of open) socket.destroy()
    },
    close: () => {
      for (const socket of open) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
