import http from 'node:http'
import https from 'node:https'
import { HttpsProxyAgent } from 'https-proxy-agent'

/** `proxy` is the address of an HTTP proxy for https, used with CONNECT. */
type AgentOptions = { url: URL; proxy: string | null; isShared: boolean }

// ORCID closes idle connections after some seconds; we close them first.
const idle = { keepAlive: true, maxFreeSockets: 8, timeout: 4_000 }

const direct = { 'http:': new http.Agent(idle), 'https:': new https.Agent(idle) }
const throughProxy = new Map<string, http.Agent>()

/** Only shared requests reuse a connection. ORCID may close a kept one mid-write, which leaves the outcome unknown. */
export function agentFor({ url, proxy, isShared }: AgentOptions): http.Agent | false {
  if (proxy && url.protocol === 'https:') return isShared ? sharedThrough(proxy) : new HttpsProxyAgent(proxy)
  return isShared ? direct[url.protocol === 'https:' ? 'https:' : 'http:'] : false
}

function sharedThrough(proxy: string): http.Agent {
  const agent = throughProxy.get(proxy) ?? new HttpsProxyAgent(proxy, idle)
  throughProxy.set(proxy, agent)
  return agent
}
