import http from 'node:http'
import https from 'node:https'
import { HttpsProxyAgent } from 'https-proxy-agent'

/** By which connection a request leaves. `proxy` is the address of one that understands CONNECT, for https only. */
type Way = { url: URL; proxy: string | null; isShared: boolean }

// ORCID's servers close what is idle for some seconds; we let go of it before they do.
const idle = { keepAlive: true, maxFreeSockets: 8, timeout: 4_000 }

const direct = { 'http:': new http.Agent(idle), 'https:': new https.Agent(idle) }
const throughProxy = new Map<string, http.Agent>()

/**
 * The agent for a request. Where `isShared`, a connection may be used again; otherwise the request has one of its own,
 * because one that was kept open might be closed by ORCID just as we write to it, and then nobody knows whether the
 * request was heard.
 */
export function agentFor({ url, proxy, isShared }: Way): http.Agent | false {
  if (proxy && url.protocol === 'https:') return isShared ? sharedThrough(proxy) : new HttpsProxyAgent(proxy)
  return isShared ? direct[url.protocol === 'https:' ? 'https:' : 'http:'] : false
}

function sharedThrough(proxy: string): http.Agent {
  const agent = throughProxy.get(proxy) ?? new HttpsProxyAgent(proxy, idle)
  throughProxy.set(proxy, agent)
  return agent
}
