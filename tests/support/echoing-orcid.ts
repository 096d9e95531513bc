import { createServer } from 'node:http'
import { exportJWK, generateKeyPair } from 'jose'

/** What it answers to a token request, with everything that it was sent, and a token, in its words. */
export const echoes = ['refused', 'unauthorized', 'broken', 'torn', 'unproven'] as const
export type Echo = (typeof echoes)[number]

export type EchoingOrcid = {
  url: string
  /** The token that its answers speak of. */
  token: string
  answer(echo: Echo): void
  requests: string[]
  close(): Promise<void>
}

/** An ORCID that quotes codes, secrets and tokens in its errors, in bodies and headers, more freely than the real one. */
export async function startEchoingOrcid(): Promise<EchoingOrcid> {
  const token = `c0ffee00-${'canary'}-4a11-8bad-${Date.now().toString(16).padStart(12, '0')}`
  const { publicKey } = await generateKeyPair('RS256')
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }] })
  const requests: string[] = []
  let mode: Echo = 'refused'
  const server = createServer((incoming, outgoing) => {
    let sent = ''
    incoming.on('data', (part) => (sent += part))
    incoming.on('end', () => {
      if (incoming.url?.includes('jwks')) return void outgoing.setHeader('content-type', 'application/json').end(jwks)
      requests.push(`${incoming.url} ${sent}`)
      const { status, body } = speak(mode, `${decodeURIComponent(sent)} token=${token}`, token)
      outgoing.writeHead(status, { 'content-type': 'application/json', 'www-authenticate': `Bearer error="${token}"` })
      outgoing.end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('The server has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    token,
    answer: (echo) => {
      mode = echo
    },
    requests,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function speak(mode: Echo, said: string, token: string): { status: number; body: string } {
  const issued = { access_token: token, token_type: 'bearer', refresh_token: token, expires_in: 631138518 }
  const error = {
    error: said.slice(0, 300),
    error_description: `Invalid authorization code: ${said}`,
    access_token: token,
  }
  switch (mode) {
    case 'refused':
      return { status: 400, body: JSON.stringify({ ...error, error: 'invalid_grant' }) }
    case 'unauthorized':
      return { status: 401, body: JSON.stringify(error) }
    case 'broken':
      return { status: 500, body: `<html><h1>Internal error</h1><pre>${said}</pre></html>` }
    case 'torn':
      return { status: 200, body: JSON.stringify(issued).slice(0, -9) }
    case 'unproven':
      return {
        status: 200,
        body: JSON.stringify({ ...issued, scope: 'openid', orcid: '0000-0002-1825-0097', note: said }),
      }
  }
}
