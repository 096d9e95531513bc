import { connect } from 'node:net'

export type SocketAnswer = { status: number; headers: Headers; body: string }

/**
 * Writes `text` to the server and gives the first answer, with nothing between us and the socket. `hangUp`: closes our
 * half of the connection afterwards. Status 0: the connection ended without an answer.
 */
export function writeToSocket(origin: string, text: string | Buffer, { hangUp = false } = {}): Promise<SocketAnswer> {
  const { hostname, port } = new URL(origin)
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
    let received = ''
    const done = () => {
      socket.destroy()
      resolve(parse(received))
    }
    socket.setTimeout(20_000, () => reject(new Error(`No answer within 20 s, but: ${received.slice(0, 200)}`)))
    socket.on('data', (part) => {
      received += part
      if (received.includes('\r\n\r\n')) setTimeout(done, 50)
    })
    socket.on('end', done)
    socket.on('error', done)
    socket.write(text, () => hangUp && socket.end())
  })
}

function parse(received: string): SocketAnswer {
  const [head = '', ...rest] = received.split('\r\n\r\n')
  const [first = '', ...lines] = head.split('\r\n')
  const pairs = lines.map((line): [string, string] => {
    const at = line.indexOf(':')
    return [line.slice(0, at), line.slice(at + 1).trim()]
  })
  return { status: Number(first.split(' ')[1] ?? 0), headers: new Headers(pairs), body: rest.join('\r\n\r\n') }
}
