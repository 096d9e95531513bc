import { randomUUID } from 'node:crypto'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Registry, RegistryContext } from './context'
import { type Person, personOf } from './people'

const COOKIE = 'local_orcid_session'

export type Session = { person: Person; signedInAtS: number }

export function findSession(registry: Registry, c: RegistryContext): Session | null {
  const signIn = registry.store.signIns.get(getCookie(c, COOKIE) ?? '')
  const person = personOf(registry, signIn?.orcid)
  return signIn && person?.state === 'ok' ? { person, signedInAtS: Math.floor(signIn.at / 1000) } : null
}

/** SameSite=Lax: a form on a foreign page posts without this cookie and gets the sign-in page. */
export function startSession(registry: Registry, c: RegistryContext, person: Person): void {
  endSession(registry, c)
  const id = randomUUID()
  registry.store.signIns.set(id, { id, orcid: person.orcid, at: registry.now() })
  registry.store.changed()
  setCookie(c, COOKIE, id, { httpOnly: true, sameSite: 'Lax', path: '/' })
}

export function endSession(registry: Registry, c: RegistryContext): void {
  const id = getCookie(c, COOKIE)
  if (id === undefined) return
  if (registry.store.signIns.delete(id)) registry.store.changed()
  deleteCookie(c, COOKIE, { path: '/' })
}
