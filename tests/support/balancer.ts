import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from '@/scripts/processes'
import { until } from '@/tests/support/journey'

export type Balancer = { name: string; stop(): Promise<void> }

/**
 * Spreads requests over servers of this machine, one after another. A server that takes no connection is passed over;
 * a request that has reached one is given to no other. With `NGINX_PATH` it is nginx, else one of our own.
 */
export async function startBalancer(port: number, upstreams: readonly number[]): Promise<Balancer> {
  const nginx = process.env.NGINX_PATH
  return nginx ? startNginx(nginx, port, upstreams) : startOwn(port, upstreams)
}

async function startOwn(port: number, upstreams: readonly number[]): Promise<Balancer> {
  let turn = 0
  const pass = (
    request: http.IncomingMessage,
    response: http.ServerResponse,
    body: Buffer,
    [upstream, ...others]: readonly number[],
  ) => {
    const { url: path, method, headers } = request
    const outgoing = http.request({ host: '127.0.0.1', port: upstream, path, method, headers, agent: false })
    outgoing.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
      answer.on('error', () => response.destroy())
    })
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' && others.length > 0) pass(request, response, body, others)
      else if (response.headersSent) response.destroy()
      else response.writeHead(502).end()
    })
    outgoing.end(body)
  }
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const first = turn++ % upstreams.length
    pass(request, response, Buffer.concat(chunks), [...upstreams.slice(first), ...upstreams.slice(0, first)])
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const stop = () => {
    server.closeAllConnections()
    return new Promise<void>((resolve) => server.close(() => resolve()))
  }
  return { name: 'our own balancer', stop }
}

/** The configuration that we ship, without https and on other ports. */
function nginxSite(port: number, upstreams: readonly number[]): string {
  const servers = upstreams.map((upstream) => `server 127.0.0.1:${upstream} max_fails=0;`).join('\n')
  const shipped = readFileSync(join(root, 'deploy/nginx/concord.conf'), 'utf8')
  return shipped
    .replace(/server \{\s*listen 80;[^}]*\}/, '')
    .replace(/( *server 127\.0\.0\.1:\d+ max_fails=0;\s*)+/, `${servers}\n`)
    .replace('listen 443 ssl;', `listen 127.0.0.1:${port};`)
    .replace(/ *ssl_certificate\w* [^;]+;\n/g, '')
    .replace('concord.example.org', 'localhost')
}

async function startNginx(nginx: string, port: number, upstreams: readonly number[]): Promise<Balancer> {
  const directory = mkdtempSync(join(tmpdir(), 'concord-nginx-'))
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${directory}/${name};`,
  )
  writeFileSync(
    join(directory, 'nginx.conf'),
    `daemon off; pid ${directory}/pid; error_log ${directory}/error.log; worker_processes 1;
    events { worker_connections 1024; }
    http { access_log off; ${paths.join(' ')} ${nginxSite(port, upstreams)} }`,
  )
  const child: ChildProcess = spawn(nginx, ['-p', directory, '-c', join(directory, 'nginx.conf')], { stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await until('nginx listens', () => fetch(`http://127.0.0.1:${port}/api/health/live`).catch(() => null))
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
    rmSync(directory, { recursive: true, force: true })
  }
  return { name: 'nginx', stop }
}

const lookEveryMs = 100
const lookTimeoutMs = 1_000

/** Asks each server every 100 ms whether it is ready, and gives a request to a ready one and to no other. */
export async function startReadyBalancer(port: number, upstreams: readonly number[]): Promise<Balancer> {
  const ready = new Set<number>()
  let turn = 0
  let isOver = false
  const look = async (upstream: number) => {
    const url = `http://127.0.0.1:${upstream}/api/health/ready`
    const isReady = await fetch(url, { signal: AbortSignal.timeout(lookTimeoutMs) }).then(
      async (answer) => (await answer.text()) !== '' && answer.ok,
      // One answer that is late on a busy machine says nothing, as to the probes of Kubernetes.
      (error) => error.name === 'TimeoutError' && ready.has(upstream),
    )
    if (isReady) ready.add(upstream)
    else ready.delete(upstream)
  }
  // One at a time: an answer from before a portal began to close must not be the last.
  const watch = async (upstream: number) => {
    while (!isOver) {
      await look(upstream).catch(() => ready.delete(upstream))
      await sleep(lookEveryMs)
    }
  }
  const agent = new http.Agent({ keepAlive: true })
  const server = http.createServer((request, response) => {
    const { url: path, method, headers } = request
    const chosen = [...ready]
    if (chosen.length === 0) return response.writeHead(503).end()
    const upstream = chosen[turn++ % chosen.length]
    const outgoing = http.request({ host: '127.0.0.1', port: upstream, path, method, headers, agent }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    outgoing.on('error', (error: NodeJS.ErrnoException) =>
      response.headersSent ? response.destroy() : response.writeHead(502).end(error.code),
    )
    request.pipe(outgoing)
  })
  await Promise.all(upstreams.map(look))
  const watching = upstreams.map(watch)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const stop = async () => {
    isOver = true
    await Promise.all(watching)
    agent.destroy()
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  return { name: 'a balancer that follows readiness', stop }
}
