import { createServer } from 'node:http'
import { connect, type Socket } from 'node:net'

export type ConnectProxy = {
  /** With the name and password that it asks for. */
  url: string
  port: number
  /** To whom it made a way, in order, as `host:port`. */
  ways: string[]
  /** From now on it says nothing at all. */
  fallSilent(): void
  close(): Promise<void>
}

/** The proxy of an institution: whoever has its password is connected to where they want (RFC 9110 §9.3.6). */
export async function startConnectProxy(): Promise<ConnectProxy> {
  const ways: string[] = []
  const open = new Set<Socket>()
  let isSilent = false
  const expected = `Basic ${Buffer.from('concord:let me out').toString('base64')}`
  const server = createServer((_, outgoing) => outgoing.writeHead(405).end())
  server.on('connection', (socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => undefined)
  })
  server.on('connect', ({ url = '', headers }, client: Socket) => {
    if (isSilent) return
    if (headers['proxy-authorization'] !== expected) {
      const body = JSON.stringify({ error: 'invalid_grant' })
      client.end(`HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
      return
    }
    ways.push(url)
    const { hostname, port } = new URL(`http://${url}`)
    const target = connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      target.pipe(client).pipe(target)
    })
    target.on('error', () => client.destroy())
    client.on('close', () => target.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('The proxy has no port')
  return {
    url: `http://concord:let%20me%20out@127.0.0.1:${address.port}`,
    port: address.port,
    ways,
    fallSilent: () => {
      isSilent = true
    },
    close: () => {
      for (const socket of open) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
