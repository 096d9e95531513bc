import { createServer } from 'node:net'

/**
 * A TCP port that nobody listens on, on either loopback address: `preferred` when it is free, else one that the system
 * chooses. Both are tried, since a browser that opens `localhost` may take either.
 */
export async function freePort(preferred = 0): Promise<number> {
  if (preferred !== 0 && (await isFree(preferred))) return preferred
  for (let tries = 0; tries < 20; tries++) {
    const port = await listenOnce(0, '127.0.0.1')
    if (port !== null && (await isFree(port))) return port
  }
  throw new Error('No free port was found on 127.0.0.1')
}

/**
 * Below those that systems give to connections that go out: one that is let go for a moment, because what listened is
 * started again or connections are refused, is still free afterwards.
 */
export const lastingPort = () => freePort(10_000 + Math.floor(Math.random() * 20_000))

async function isFree(port: number): Promise<boolean> {
  // In turn: without IPV6_V6ONLY one of two simultaneous attempts would see the other.
  for (const host of ['127.0.0.1', '::1', '0.0.0.0']) {
    if ((await listenOnce(port, host)) === null) return false
  }
  return true
}

/** Listens for a moment and gives the port, or null when it is taken. A machine without IPv6 has nobody on `::1`. */
function listenOnce(port: number, host: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(null)
      else if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') resolve(port)
      else reject(error)
    })
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : null))
    })
  })
}
